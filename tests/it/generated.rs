//! The committed generated files equal what the code would write now. Not a test of their content.

use millrace_tests::generated::{OPENAPI, TYPESCRIPT, files_of, openapi, repository, write_typescript};

#[test]
fn typescript_is_fresh() {
    let made = tempfile::tempdir().unwrap();
    write_typescript(made.path()).unwrap();
    let fresh = files_of(made.path()).unwrap();
    let committed = files_of(&repository().join(TYPESCRIPT)).unwrap();

    assert!(fresh.len() > 10, "the generator wrote only {} files", fresh.len());
    let stale: Vec<&String> =
        fresh.iter().filter(|(name, text)| committed.get(*name) != Some(text)).map(|(n, _)| n).collect();
    let orphaned: Vec<&String> = committed.keys().filter(|name| !fresh.contains_key(*name)).collect();
    assert!(
        stale.is_empty() && orphaned.is_empty(),
        "{TYPESCRIPT} is stale: run `make generate` and commit.\nmissing or changed: {stale:?}\nno longer made: {orphaned:?}"
    );
}

#[test]
fn the_description_of_the_interface_is_fresh() {
    let committed = std::fs::read_to_string(repository().join(OPENAPI)).unwrap_or_default();
    assert!(
        committed == openapi().unwrap(),
        "{OPENAPI} is stale: run `make generate`, look at the difference, and commit."
    );
}
