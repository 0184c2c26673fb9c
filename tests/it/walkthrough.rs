//! "A shift with curl" in `docs/API.md`, run as it stands there: what a reader copies works, and what comes back is what
//! the page says.
//!
//! An expected line is a comment under its command; `…` stands for anything. Which fields there are besides is the
//! OpenAPI document's matter, not this one's.

use millrace_tests::{generated::repository, server};
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// One command, or several, and what is to come of them.
#[derive(Debug, Default)]
struct Step {
    commands: String,
    expected: String,
}

fn steps(page: &str) -> Vec<Step> {
    let (_, section) = page.split_once("\n## A shift with curl").expect("the section");
    let (section, _) = section.split_once("\n## ").expect("a section after it");
    let blocks = section.split("```sh\n").skip(1).map(|rest| rest.split("```").next().expect("an end"));
    let mut steps = vec![Step::default()];
    for line in blocks.flat_map(str::lines) {
        let last = steps.last_mut().expect("at least one");
        if let Some(expected) = line.strip_prefix('#') {
            last.expected.push_str(expected.trim());
        } else if last.expected.is_empty() {
            let _ = writeln!(last.commands, "{line}");
        } else {
            steps.push(Step { commands: format!("{line}\n"), expected: String::new() });
        }
    }
    steps
}

/// The parts between the `…` in their order; the first where the output begins.
fn fits(output: &str, expected: &str) -> bool {
    let mut parts = expected.split('…');
    let Some(mut rest) = output.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    parts.all(|part| rest.split_once(part).map(|(_, after)| rest = after).is_some())
}

#[test]
fn the_page_does_what_it_says() {
    let page = fs::read_to_string(repository().join("docs/API.md")).unwrap();
    let (steps, folder) = (steps(&page), tempfile::tempdir().unwrap());
    fs::copy(repository().join("docs/images/board.png"), folder.path().join("photo.jpg")).unwrap();
    let mut script = String::from("set -euo pipefail\ntrap 'kill %1 2>/dev/null || true; wait' EXIT\n");
    for (n, step) in steps.iter().enumerate() {
        let _ = writeln!(script, "{{ {}\n}} > step-{n}", step.commands);
    }
    let programs = server::program().parent().unwrap().to_owned();
    let path = std::env::var("PATH").unwrap();
    let ran = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", programs.display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "the page's commands fail: {said}");
    assert!(steps.iter().filter(|step| !step.expected.is_empty()).count() > 25, "most of the page is not read");
    for (n, step) in steps.iter().enumerate() {
        let output = fs::read_to_string(folder.path().join(format!("step-{n}"))).unwrap();
        let output: String = output.lines().collect();
        assert!(fits(&output, &step.expected), "{}\n  says {output}\n  the page {}", step.commands, step.expected);
    }
}

#[test]
fn an_expected_line_can_be_missed() {
    assert!(fits(r#"{"a":1,"b":[2,3]}"#, r#"{"a":1,…3]}"#));
    assert!(!fits(r#"{"a":1,"b":[2,3]}"#, r#"{"a":1,…4]}"#));
    assert!(!fits(r#"{"a":1,"b":[2,3]}"#, r#"{"b"…"#));
}
