//! A database that was put back from an older copy: nobody resumes from one history into another.

use super::Hand;
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use serde_json::json;
use std::path::Path;

const BOARD: &str = "/api/admin/dashboard/active-sessions/stream";

/// Copies the database of a server that has ended, and what SQLite may have left beside it; nothing else.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for name in ["millrace.db", "millrace.db-wal", "millrace.db-shm"] {
        drop(std::fs::remove_file(to.join(name)));
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).expect("copies");
        }
    }
}

#[tokio::test]
async fn after_a_restore_a_cursor_is_of_another_epoch_and_after_a_restart_it_is_not() {
    let server = TestServer::demo(&[]);
    let mut hand = Hand::at(&server, 1).await;
    drop(hand.open().await.ok());
    let (_, _, folder) = server.term();
    let (data, aside) = (folder.path().join("data"), folder.path().join("copy"));
    copy(&data, &aside);

    // Life goes on, and a client hears of it.
    let server = TestServer::demo_in(folder, &[]);
    let admin = Caller::admin(&server).await;
    let mut hand = Hand::at(&server, 2).await;
    let mut events = Events::open(&admin, BOARD).await;
    drop(events.wait_for("initial").await);
    drop(hand.open().await.ok());
    let cursor = events.wait_for("insert").await.id.expect("an id");
    let (_, _, folder) = server.term();

    let server = TestServer::demo_in(folder, &[]);
    let admin = Caller::admin(&server).await;
    let mut again = Events::resume(&admin, BOARD, Some(&cursor)).await.expect("answers");
    assert_ne!(again.next().await.expect("goes on").name, "initial", "a restart is no other history");
    let (_, _, folder) = server.term();

    // The copy comes back, and by other doings gets as far as the cursor.
    copy(&aside, &data);
    let server = TestServer::demo_in(folder, &[]);
    let admin = Caller::admin(&server).await;
    let mut hand = Hand::at(&server, 3).await;
    drop(hand.open().await.ok());
    for key in ["setup", "stop", "setup", "stop", "setup"] {
        drop(hand.enter(key, json!({})).await.ok());
    }
    let mut again = Events::resume(&admin, BOARD, Some(&cursor)).await.expect("answers");
    let first = again.next().await.expect("goes on");
    assert_eq!((first.name.as_str(), &first.data["reason"]), ("initial", &json!("epoch")));
    assert_ne!(first.data["position"].as_str().and_then(|at| at.split('.').next()), cursor.split('.').next());
}
