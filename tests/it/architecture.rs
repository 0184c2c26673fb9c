//! The direction of dependencies, read from `cargo metadata`: who may use whom, and what inner
//! crates must never see. Also that `docs/ARCHITECTURE.md` says why each direct dependency is there.
//!
//! It judges what is declared, not what the code does with it.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use millrace_tests::generated::repository;
use std::collections::{BTreeMap, BTreeSet};

/// Which of our packages each of our packages may use in what it ships. `tests` and `bench` may use all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("millrace-protocol", &[]),
    ("millrace-domain", &["millrace-protocol"]),
    ("millrace-sqlite", &["millrace-domain", "millrace-protocol"]),
    ("millrace-postgres", &["millrace-domain", "millrace-protocol"]),
    ("millrace-api", &["millrace-domain", "millrace-protocol"]),
    (
        "millrace-server",
        &["millrace-api", "millrace-sqlite", "millrace-postgres", "millrace-domain", "millrace-protocol"],
    ),
    ("millrace-kiosk", &["millrace-domain", "millrace-protocol"]),
    ("millrace-shell", &["millrace-kiosk", "millrace-domain", "millrace-protocol"]),
];

/// Packages that look at all others and that nothing may use.
const OUTERMOST: &[&str] = &["millrace-tests", "millrace-bench"];

/// What a crate must never see, directly or through its own normal dependencies among ours.
const NEVER_SEES: &[(&str, &[&str])] = &[
    ("millrace-protocol", &["tokio", "sqlx", "axum", "tauri", "reqwest", "hyper"]),
    ("millrace-domain", &["sqlx", "axum", "tauri", "reqwest", "hyper"]),
    ("millrace-api", &["sqlx", "tauri", "reqwest"]),
    ("millrace-sqlite", &["axum", "tauri", "reqwest"]),
    ("millrace-postgres", &["axum", "tauri", "reqwest"]),
    ("millrace-server", &["sqlx", "tauri"]),
    ("millrace-kiosk", &["axum", "tauri"]),
    ("millrace-shell", &["axum", "sqlx", "reqwest"]),
];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(repository().join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".to_owned()])
        .exec()
        .expect("cargo metadata")
}

fn name(package: &Package) -> &str {
    package.name.as_str()
}

/// Names of direct dependencies; those of tests only with `with_dev`.
fn uses(package: &Package, with_dev: bool) -> BTreeSet<&str> {
    package
        .dependencies
        .iter()
        .filter(|dependency| with_dev || dependency.kind != DependencyKind::Development)
        .map(|dependency| dependency.name.as_str())
        .collect()
}

fn ours(name: &str) -> bool {
    name.starts_with("millrace-")
}

#[test]
fn arrows_point_inward() {
    let metadata = metadata();
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        let from = name(package);
        if OUTERMOST.contains(&from) {
            continue;
        }
        let Some(may) = allowed.get(from) else {
            wrong.push(format!("{from} has no row in MAY_USE: decide what it may use, and write an ADR"));
            continue;
        };
        for to in uses(package, false).into_iter().filter(|to| ours(to)) {
            if !may.contains(&to) {
                wrong.push(format!("{from} -> {to} points the wrong way"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn inner_crates_never_see_the_outside() {
    let metadata = metadata();
    let packages: BTreeMap<&str, &Package> = metadata.packages.iter().map(|package| (name(package), package)).collect();
    let mut wrong = Vec::new();
    for (from, never) in NEVER_SEES {
        let Some(package) = packages.get(from) else { continue };
        // The innermost may not see it in their tests either: a test that needs a database belongs further out.
        // The kiosk's tests may stand up a server that misbehaves.
        let innermost = ["millrace-protocol", "millrace-domain"].contains(from);
        for to in uses(package, innermost) {
            if never.iter().any(|banned| to == *banned || to.starts_with(&format!("{banned}-"))) {
                wrong.push(format!("{from} sees {to}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_depends_on_tests_and_bench() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        for to in uses(package, true) {
            if OUTERMOST.contains(&to) {
                wrong.push(format!("{} -> {to}", name(package)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_member_is_known_and_takes_the_lints_of_the_workspace() {
    let metadata = metadata();
    assert!(metadata.packages.len() >= 9, "cargo metadata saw only {} packages", metadata.packages.len());
    for package in &metadata.packages {
        let manifest = std::fs::read_to_string(&package.manifest_path).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} has lints of its own", name(package));
        assert_eq!(package.publish, Some(vec![]), "{} could be published by mistake", name(package));
    }
}

#[test]
fn the_document_says_why_each_dependency_is_there() {
    let metadata = metadata();
    let document = std::fs::read_to_string(repository().join("docs/ARCHITECTURE.md")).unwrap();
    let (_, section) =
        document.split_once("\n## Dependencies").expect("docs/ARCHITECTURE.md has a section Dependencies");
    let explained: BTreeMap<&str, &str> = section.lines().filter_map(row).collect();

    let mut direct: BTreeSet<String> = metadata
        .packages
        .iter()
        .flat_map(|package| uses(package, true))
        .filter(|dependency| !ours(dependency))
        .map(str::to_owned)
        .collect();
    let ui: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(repository().join("ui/package.json")).unwrap()).unwrap();
    for part in ["dependencies", "devDependencies"] {
        direct.extend(ui[part].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    }

    let missing: Vec<&String> = direct.iter().filter(|name| !explained.contains_key(name.as_str())).collect();
    let gone: Vec<&&str> = explained.keys().filter(|name| !direct.contains(**name)).collect();
    assert!(missing.is_empty(), "docs/ARCHITECTURE.md, Dependencies, does not say why these are there: {missing:?}");
    assert!(gone.is_empty(), "docs/ARCHITECTURE.md, Dependencies, explains what is no longer used: {gone:?}");
    for (name, why) in &explained {
        assert!(why.len() > 12, "docs/ARCHITECTURE.md gives no reason for {name}");
    }
}

/// A table row "| `name` | why |".
fn row(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.strip_prefix("| `")?.splitn(2, "` |");
    Some((cells.next()?, cells.next()?.trim().trim_end_matches('|').trim()))
}
