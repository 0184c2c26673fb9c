//! The living floor, watched through the stream for two minutes as a supervisor would.

use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What has to be seen.
const WANTED: [&str; 7] = ["start", "end", "handover", "setup", "stop", "lost", "return"];

/// What one event means, against what was known before.
fn meaning(name: &str, data: &Value, known: &mut BTreeMap<String, Value>) -> Vec<&'static str> {
    let mut seen = Vec::new();
    if name == "delete" {
        known.remove(data["sessionId"].as_str().unwrap());
        match data["reason"].as_str() {
            Some("handover") => seen.push("handover"),
            Some("completed") => seen.push("end"),
            other => panic!("nobody on this floor ends a session like that: {other:?}"),
        }
        return seen;
    }
    let session = data["session"].clone();
    let before = known.insert(session["id"].as_str().unwrap().to_owned(), session.clone());
    let Some(before) = before else {
        return vec!["start"];
    };
    if before["currentStatus"]["key"] != session["currentStatus"]["key"] {
        match session["currentStatus"]["key"].as_str() {
            Some("setup") => seen.push("setup"),
            Some("stop") => seen.push("stop"),
            _ => {}
        }
    }
    match (before["contact"].as_str(), session["contact"].as_str()) {
        (Some("online"), Some("lost")) => seen.push("lost"),
        (Some("lost"), Some("online")) => seen.push("return"),
        _ => {}
    }
    seen
}

/// Whether at least half of these sessions produce.
fn most_produce(sessions: &BTreeMap<String, Value>) -> bool {
    let producing = |session: &&Value| session["currentStatus"]["machineState"] == "production";
    sessions.values().filter(producing).count() * 2 >= sessions.len()
}

#[tokio::test]
async fn within_two_minutes_all_that_happens_on_a_floor_is_seen() {
    let server = TestServer::demo(&["--alive"]);
    let admin = Caller::admin(&server).await;
    let mut events = Events::open(&admin, "/api/admin/dashboard/active-sessions/stream").await;
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    let mut missing: BTreeSet<&str> = WANTED.into();
    let watched = tokio::time::timeout(Duration::from_secs(120), async {
        while !missing.is_empty() || !most_produce(&known) {
            let event = events.next().await.expect("the stream goes on");
            match event.name.as_str() {
                "initial" => {
                    for session in event.data["sessions"].as_array().unwrap() {
                        known.insert(session["id"].as_str().unwrap().to_owned(), session.clone());
                    }
                }
                name @ ("insert" | "update" | "delete") => {
                    for seen in meaning(name, &event.data, &mut known) {
                        missing.remove(seen);
                    }
                }
                _ => {}
            }
        }
    });
    let in_time = watched.await.is_ok();
    assert!(in_time, "never seen: {missing:?} of {}; the server's log:\n{}", known.len(), server.log());

    let free: Vec<&str> =
        server.ready["free"]["stations"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(free.len(), 4);
    assert!(known.values().all(|session| !free.contains(&session["stationCode"].as_str().unwrap())), "left alone");

    // A later start goes on with the sessions that are open, under the same ids.
    let before: BTreeSet<String> = known.into_keys().collect();
    let (status, took, folder) = tokio::task::spawn_blocking(move || server.term()).await.expect("ends");
    assert!(status.success() && took < Duration::from_secs(10), "{status} after {took:?}");
    let server = TestServer::demo_in(folder, &["--alive"]);
    let admin = Caller::admin(&server).await;
    let mut events = Events::open(&admin, "/api/admin/dashboard/active-sessions/stream").await;
    let initial = events.wait_for("initial").await;
    let after: BTreeSet<String> = initial.data["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(before.intersection(&after).count() * 2 > before.len(), "most sessions are still the same");
    let moved = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            let update = events.wait_for("update").await;
            if before.contains(update.data["session"]["id"].as_str().unwrap())
                && update.data["session"]["currentStatus"]["key"] == "stop"
            {
                return;
            }
        }
    });
    assert!(moved.await.is_ok(), "the players go on with them; the server's log:\n{}", server.log());
}
