//! More worker actions at once than are taken: who finds no place is told when to come again, and heartbeats go on.

use super::Stand;
use millrace_tests::server::TestServer;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// A request that has begun and does not end: it has the only place for as long as it is held.
async fn begun(server: &TestServer, stand: &Stand) -> TcpStream {
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
    let token = stand.caller.token().unwrap();
    let head = format!(
        "POST /api/status-events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn who_finds_no_place_is_told_when_to_come_again_and_hearts_go_on_beating() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("millrace.toml");
    std::fs::write(&config, "actions_at_once = 1\n").unwrap();
    let server = TestServer::demo(&["--config", config.to_str().unwrap()]);
    let mut stand = Stand::open(&server, 1).await;
    let mut held = begun(&server, &stand).await;
    let tap = stand.change("setup");
    // The held one may still be on its way in, or has been given up; the tap's number is used once, however often it comes.
    let refused = loop {
        let answer = stand.caller.post("/api/status-events", tap.clone()).await;
        if answer.status == 503 {
            break answer;
        }
        held = begun(&server, &stand).await;
    };
    let named: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert_eq!(refused.problem(503, "UNAVAILABLE")["retryAfter"], named);
    assert!((1..=5).contains(&named), "{named}");
    drop(stand.beat().await.ok());
    // Whoever stands there and waits is served, too.
    drop(Stand::open(&server, 2).await);

    drop(held);
    let mut done = stand.caller.post("/api/status-events", tap.clone()).await;
    while done.status == 503 {
        done = stand.caller.post("/api/status-events", tap.clone()).await;
    }
    assert_eq!(done.ok()["outcome"], json!("applied"));
}
