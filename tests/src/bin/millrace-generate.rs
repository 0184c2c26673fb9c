//! `make generate`: writes the committed files that are made from the code.

use millrace_tests::generated::{OPENAPI, TYPESCRIPT, openapi, repository, write_typescript};

fn main() -> anyhow::Result<()> {
    let folder = repository().join(TYPESCRIPT);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    write_typescript(&folder)?;
    std::fs::write(repository().join(OPENAPI), openapi()?)?;
    Ok(())
}
