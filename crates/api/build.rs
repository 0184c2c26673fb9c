//! The pages become part of the binary: a change of theirs is a reason to build again.

fn main() -> std::io::Result<()> {
    let pages = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/dist");
    // Without pages the server is still built; it then says so where a page is asked for.
    std::fs::create_dir_all(&pages)?;
    println!("cargo::rerun-if-changed={}", pages.display());
    Ok(())
}
