//! What the streams of a plant are bounded by, as its configuration says, and what who comes beyond it is told.

use super::{Hand, change};
use millrace_tests::call::Caller;
use millrace_tests::events::{Event, Events};
use millrace_tests::server::TestServer;
use millrace_tests::sql;
use serde_json::{Value, json};
use tempfile::TempDir;

const BOARD: &str = "/api/admin/dashboard/active-sessions/stream";
const STATIONS: &str = "/api/admin/dashboard/stations/stream";

/// A plant with this configuration, on what a demo left; it knows the same people and kiosks.
fn plant(folder: TempDir, ready: Value, config: &str) -> TestServer {
    let file = folder.path().join("server.toml");
    std::fs::write(&file, config).expect("a file");
    let mut server = TestServer::serve_in(folder, &["--config", file.to_str().expect("a path")]);
    server.ready = ready;
    server
}

/// A stream with the first that it says.
async fn opened(caller: &Caller, path: &str) -> (Events, Event) {
    let mut events = Events::open(caller, path).await;
    let first = events.next().await.expect("it says something");
    (events, first)
}

#[tokio::test]
async fn one_stream_more_than_a_holder_may_have_or_the_server_is_busy() {
    let demo = TestServer::demo(&[]);
    let (ready, folder) = (demo.ready.clone(), demo.kill9());
    let server = plant(folder, ready, "[streams]\nmost = 3\nmost_per_holder = 2\n");
    let admin = Caller::admin(&server).await;
    let _open = (opened(&admin, BOARD).await, opened(&admin, STATIONS).await);
    let (_, third) = opened(&admin, BOARD).await;
    assert_eq!((third.name.as_str(), &third.data["reason"]), ("goodbye", &json!("busy")));
    let (_kiosk, first) = opened(&Caller::kiosk(&server, 1), "/api/kiosk/stream").await;
    assert_eq!(first.name, "initial", "another holder");
    let (_, fourth) = opened(&Caller::kiosk(&server, 2), "/api/kiosk/stream").await;
    assert_eq!((fourth.name.as_str(), &fourth.data["reason"]), ("goodbye", &json!("busy")), "all together");
    // A snapshot is no stream.
    drop(admin.get(&format!("{BOARD}?snapshot=1")).await.ok());
}

#[tokio::test]
async fn what_the_log_no_longer_keeps_or_memory_no_longer_has_begins_anew_and_says_so() {
    let demo = TestServer::demo(&[]);
    let admin = Caller::admin(&demo).await;
    let (_, first) = opened(&admin, BOARD).await;
    let cursor = first.id.expect("a cursor");
    let stations = demo.ready["stations"].as_array().expect("stations");
    drop(change(&admin, "stations", stations[1]["id"].as_str().expect("an id"), json!({"name": "Another"})).await.ok());
    let (ready, folder) = (demo.ready.clone(), demo.kill9());
    let server = plant(folder, ready, "[streams]\nkeep_rows = 1000\n");
    let admin = Caller::admin(&server).await;
    // Rows can be told from the log, what is drawn from memory can't.
    for (path, wanted) in [(BOARD, "heartbeat"), (STATIONS, "initial")] {
        let first = Events::resume(&admin, path, Some(&cursor)).await.expect("answers").next().await.expect("speaks");
        assert_eq!(first.name, wanted);
        if wanted == "initial" {
            assert_eq!(first.data["reason"], "behind");
        }
    }
    let area = admin.get("/api/admin/areas").await.ok()["items"][0]["id"].as_str().expect("an area").to_owned();
    let database = server.data_dir().join("millrace.db");
    let (last, kept) = ("SELECT max(\"offset\") FROM changes", "SELECT count(*) FROM changes");
    let mut name = 0;
    while sql::count(&database, last).await < 1_200 {
        name += 1;
        drop(change(&admin, "areas", &area, json!({"name": format!("Area {name}")})).await.ok());
    }
    server.advance(60_000);
    while sql::count(&database, kept).await > 1_000 {
        tokio::task::yield_now().await;
    }
    let (ready, folder) = (server.ready.clone(), server.kill9());
    let server = plant(folder, ready, "[streams]\nkeep_rows = 1000\n");
    let admin = Caller::admin(&server).await;
    let mut events = Events::resume(&admin, BOARD, Some(&cursor)).await.expect("answers");
    assert_eq!(events.wait_for("initial").await.data["reason"], "too_old");
}

#[tokio::test]
async fn a_stream_of_age_is_sent_away_and_goes_on_where_it_was() {
    let server = TestServer::demo(&[]);
    let (admin, mut hand) = (Caller::admin(&server).await, Hand::at(&server, 1).await);
    let (mut events, first) = opened(&admin, BOARD).await;
    server.advance(15 * 60_000);
    let mut cursor = first.id;
    loop {
        let event = events.next().await.expect("a goodbye comes first");
        if event.name == "goodbye" {
            assert_eq!((&event.data["reason"], event.id), (&json!("rotate"), None));
            break;
        }
        cursor = event.id.or(cursor);
    }
    assert!(events.next().await.is_none(), "nothing after it");
    drop(hand.caller.signed_in(&server, 1).await);
    drop(hand.open().await.ok());
    let next = Events::resume(&admin, BOARD, cursor.as_deref()).await.expect("answers").next().await.expect("speaks");
    assert_eq!(next.name, "insert");
}
