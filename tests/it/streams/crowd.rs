//! Many readers at once, and readers that take nothing.

use super::Hand;
use futures_util::future::join_all;
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

const BOARD: &str = "/api/admin/dashboard/active-sessions/stream";

/// The SQL statements a server has logged so far; not those of its own watch, which looks whether anybody reads or not.
fn statements(server: &TestServer) -> usize {
    let own =
        ["installation", "leases", "changes WHERE at", "LIMIT ?) WHERE at", "min(\"offset\")", "calls", "approvals"];
    let log = server.log();
    let statements = log.lines().filter(|line| line.contains("sqlx::query"));
    statements.filter(|line| !own.iter().any(|own| line.contains(own))).count()
}

#[tokio::test]
async fn a_thousand_boards_cost_five_statements() {
    let server = TestServer::demo(&["--log-level", "warn,sqlx::query=debug"]);
    let admin = Caller::admin(&server).await;
    let mut hand = Hand::at(&server, 1).await;
    drop(hand.open().await.ok());
    let before = statements(&server);
    let boards = join_all((0..1_000).map(|_| async {
        let mut events = Events::open(&admin, BOARD).await;
        assert_eq!(events.wait_for("initial").await.data["sessions"].as_array().map(Vec::len), Some(1));
        events
    }))
    .await;
    let cost = statements(&server) - before;
    assert!(before > 0, "statements are logged");
    assert!(cost <= 5, "{cost} statements for {} boards", boards.len());
}

fn descriptors(server: &TestServer) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.pid())).expect("the process is ours").count()
}

/// Resident memory in KiB.
fn memory(server: &TestServer) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).expect("the process is ours");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a size");
    line.split_whitespace().nth(1).and_then(|size| size.parse().ok()).expect("a number")
}

#[tokio::test]
async fn a_hundred_readers_that_take_nothing_are_let_go_and_slow_nobody() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let token = admin.token().expect("a token").to_owned();
    let address = server.url.strip_prefix("http://").unwrap().parse().unwrap();
    let mut hand = Hand::at(&server, 1).await;
    drop(hand.open().await.ok());
    let mut live = Events::open(&admin, BOARD).await;
    drop(live.wait_for("initial").await);
    // A screen that shows so much of one session that what is sent fills the buffers in between soon.
    let detail = hand.session();
    let screen = format!(
        "/api/stream?topic=active-sessions&topic=stations&topic=session/{detail}&topic=realtime%3Fsubscribe%3Dsessions:*\
         &topic=realtime%3Fsubscribe%3Dstatus_events:*"
    );
    let before = descriptors(&server);
    let mut stalled = Vec::new();
    for _ in 0..100 {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(2_048).expect("small");
        let mut stream = socket.connect(address).await.expect("connects");
        let request = format!("GET {screen} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("asks");
        // The head, so that it is known to be open; then nothing more.
        stream.read_u8().await.expect("answers");
        stalled.push(stream);
    }
    assert!(descriptors(&server) >= before + 100);
    let filled = memory(&server);
    let mut slowest = Duration::ZERO;
    let note = "n".repeat(400);
    for round in 0..700 {
        let key = if round % 2 == 0 { "setup" } else { "stop" };
        let began = Instant::now();
        drop(hand.enter(key, json!({"note": note})).await.ok());
        drop(live.wait_for("update").await);
        slowest = slowest.max(began.elapsed());
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?} for a change to reach the one who reads");
    // By the server's clock nothing has moved for longer than a peer is waited for.
    server.advance(46_000);
    let patience = Instant::now();
    while descriptors(&server) > before + 10 {
        assert!(patience.elapsed() < Duration::from_secs(20), "{} descriptors, {before} before", descriptors(&server));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(memory(&server) < filled + 64 * 1024, "{} KiB, {filled} before", memory(&server));
    drop(hand.enter("setup", json!({})).await.ok());
    drop(live.wait_for("update").await);
}
