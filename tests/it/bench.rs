//! The measurements of `crates/bench` in little, so that they still run and still check what they claim when they are
//! wanted. How fast anything was is not looked at: a test machine is busy.

use millrace_tests::ledger;
use millrace_tests::server::program;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Runs a measurement in a folder; the figures are its last line.
fn measure(folder: &Path, args: &[&str]) -> Value {
    let bench = program().with_file_name("millrace-bench");
    let done = Command::new(bench).args(args).arg("--data-dir").arg(folder).output().expect("runs");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{args:?}: {said}{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_str(said.lines().last().unwrap_or_default()).expect("figures as JSON")
}

fn median(figures: &Value, key: &str) -> f64 {
    figures[key]["p50Ms"].as_f64().unwrap_or_else(|| panic!("{key}: {figures}"))
}

#[tokio::test]
async fn a_grown_history_is_sound_and_every_action_is_timed_on_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["history", "--events", "30000", "--changes", "500", "--rounds", "2", "--starts", "1", "--keep"];
    let figures = measure(folder.path(), &args);
    assert!(figures["events"].as_u64() >= Some(30_000) && figures["actions"].as_u64() >= Some(30_000), "{figures}");
    for deed in [
        "open",
        "bind",
        "status",
        "count",
        "correction",
        "statusCount",
        "statusReport",
        "reason",
        "report",
        "call",
        "unbind",
        "takeover",
        "handover",
        "complete",
        "ready",
        "flush",
    ] {
        assert!(median(&figures, deed) > 0.0 && median(&figures[deed], "demo") > 0.0, "{deed}");
    }
    let made = std::fs::read_dir(folder.path()).expect("a folder").next().expect("kept").expect("reads").path();
    ledger::agrees(&made.join("large/millrace.db")).await;
}

#[test]
fn many_boards_are_measured_and_none_loses_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let figures =
        measure(folder.path(), &["boards", "--boards", "30", "--kiosks", "5", "--seconds", "2", "--rounds", "1"]);
    // And what happened after the snapshot that the crowd began with, when there was one board.
    assert!(figures["delivered"].as_u64() >= Some(30 * 40), "{figures}");
    for none in ["lost", "astray", "thinFaults"] {
        assert_eq!(figures[none], 0, "{none}: {figures}");
    }
    assert!(median(&figures, "tapToBoard") > 0.0 && median(&figures, "flush") > 0.0);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "what it made is removed");
}

#[test]
fn boards_that_lost_their_server_are_measured_until_they_have_everything() {
    let folder = tempfile::tempdir().expect("a folder");
    let figures =
        measure(folder.path(), &["reconnect", "--boards", "30", "--kiosks", "5", "--seconds", "2", "--rounds", "1"]);
    for none in ["lost", "astray", "never"] {
        assert_eq!(figures[none], 0, "{none}: {figures}");
    }
    assert_eq!((&figures["back"]["n"], &figures["caughtUp"]["n"]), (&30.into(), &30.into()), "{figures}");
    assert!(median(&figures, "caughtUp") > 0.0);
}

#[test]
fn heartbeats_are_measured_beside_an_axum_handler_and_each_is_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["heartbeats", "--kiosks", "20", "--rate", "200", "--seconds", "1", "--rounds", "1"];
    let figures = measure(folder.path(), &args);
    assert_eq!(figures["faults"], 0, "{figures}");
    for (answered, behind) in [("answered", "behind"), ("axumAnswered", "axumBehind")] {
        let all = figures[answered].as_u64().zip(figures[behind].as_u64()).map(|(one, other)| one + other);
        assert_eq!(all, Some(200), "{figures}");
    }
    assert!(median(&figures, "heartbeat") > 0.0 && median(&figures, "axumHeartbeat") > 0.0);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "what it made is removed");
}

#[test]
fn kiosks_with_stream_and_connection_are_all_back_after_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["kiosks", "--kiosks", "30", "--seconds", "1", "--spans", "1", "--settle", "1"];
    let figures = measure(folder.path(), &args);
    for none in ["never", "refused", "faults"] {
        assert_eq!(figures[none], 0, "{none}: {figures}");
    }
    assert_eq!((&figures["streamsBack"]["n"], &figures["heartsBack"]["n"]), (&30.into(), &30.into()), "{figures}");
}

#[test]
fn after_an_outage_in_little_nobody_is_closed_and_every_tap_is_in_history_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["outage", "--kiosks", "20", "--seconds", "4", "--taps", "3", "--after", "1"];
    let figures = measure(folder.path(), &args);
    for none in ["closed", "waiting", "lost", "doubled", "refused"] {
        assert_eq!(figures[none], 0, "{none}: {figures}");
    }
    assert_eq!((&figures["tapped"], &figures["heartsBack"]["n"]), (&60.into(), &20.into()), "{figures}");
}

#[test]
fn a_change_of_shift_is_timed_from_sign_in_to_session() {
    let folder = tempfile::tempdir().expect("a folder");
    let figures = measure(folder.path(), &["shift", "--kiosks", "6", "--seconds", "2"]);
    assert_eq!((&figures["kiosks"], &figures["pins"]), (&6.into(), &true.into()), "{figures}");
    for step in ["signIn", "lists", "open", "all"] {
        assert!(median(&figures, step) > 0.0, "{step}: {figures}");
    }
}
