//! `make generate`: writes the committed files that are made from the code.

use millrace_tests::generated::{TYPESCRIPT, repository, write_typescript};

fn main() -> anyhow::Result<()> {
    let folder = repository().join(TYPESCRIPT);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    write_typescript(&folder)?;
    Ok(())
}
