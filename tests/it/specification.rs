//! `docs/SPECIFICATION.md` against the tree. The rows come in the next commit.

#[test]
fn the_table_exists() {
    assert!(millrace_tests::generated::repository().join("docs").is_dir());
}
