//! A peer that is gone without a word: its machine acknowledges nothing any more, as where a cable was pulled.

use super::Hand;
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use socket2::{SockFilter, SockRef};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// `BPF_RET`: keep so many bytes of what arrives.
const RETURN: u16 = 0x06;

/// Reads until this has come.
fn read_until(stream: &mut TcpStream, wanted: &str) {
    let mut heard = String::new();
    let mut bytes = [0; 4096];
    while !heard.contains(wanted) {
        let read = stream.read(&mut bytes).expect("the server answers");
        assert!(read > 0, "ended after {heard}");
        heard.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
}

/// Whether the system still has the server's end of this connection.
fn is_held(stream: &TcpStream) -> bool {
    let port = |address: std::io::Result<std::net::SocketAddr>| format!(":{:04X}", address.expect("connected").port());
    let (near, far) = (port(stream.local_addr()), port(stream.peer_addr()));
    let table = std::fs::read_to_string("/proc/net/tcp").expect("this is Linux");
    table.lines().any(|line| {
        let columns: Vec<_> = line.split_whitespace().collect();
        // Of its end: here the server's port, there ours, established.
        columns[1].ends_with(&far) && columns[2].ends_with(&near) && columns[3] == "01"
    })
}

/// Takes as long in earnest: it is the system's clock that gives such a peer up, and nobody can drive that.
#[tokio::test]
async fn a_peer_that_acknowledges_nothing_is_dropped_within_a_minute() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut hand = Hand::at(&server, 1).await;
    drop(hand.open().await.ok());
    let mut streams: Vec<_> = ["active-sessions", "stations"]
        .iter()
        .map(|topic| {
            let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).expect("connects");
            let token = admin.token().expect("a token");
            let request =
                format!("GET /api/stream?topic={topic} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
            stream.write_all(request.as_bytes()).expect("asks");
            read_until(&mut stream, "event: initial");
            stream
        })
        .collect();
    assert!(is_held(&streams[0]) && is_held(&streams[1]));
    // The system throws away all that arrives before anybody has seen it, so nothing is acknowledged.
    SockRef::from(&streams[0]).attach_filter(&[SockFilter::new(RETURN, 0, 0, 0)]).expect("no right is needed");
    drop(hand.enter("setup", serde_json::json!({})).await.ok());
    let pulled = Instant::now();
    while is_held(&streams[0]) {
        assert!(pulled.elapsed() < Duration::from_secs(60), "the server still holds it");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(pulled.elapsed() > Duration::from_secs(40), "after {:?}: it was something else", pulled.elapsed());
    // The other one has heard it, and goes on.
    assert!(is_held(&streams[1]));
    read_until(&mut streams[1], "\"offset\"");
    drop(hand.enter("stop", serde_json::json!({})).await.ok());
    read_until(&mut streams[1], "event: update");
}
