//! A peer that is gone without a word: its machine acknowledges nothing any more, as where a cable was pulled.

use super::Hand;
use millrace_tests::call::Caller;
use millrace_tests::events::{Event, Events};
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

/// Asks for a stream, and reads its beginning.
fn open(server: &TestServer, path: &str, token: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).expect("connects");
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("asks");
    read_until(&mut stream, "event: initial");
    stream
}

/// The system throws away all that arrives before anybody has seen it, so nothing is acknowledged.
fn pull(stream: &TcpStream) {
    SockRef::from(stream).attach_filter(&[SockFilter::new(RETURN, 0, 0, 0)]).expect("no right is needed");
}

/// Takes as long in earnest: it is the system's clock that gives such a peer up, and nobody can drive that. The server's
/// own clock goes along with it.
#[tokio::test]
async fn a_pulled_cable_is_seen_within_a_minute_on_a_busy_stream_on_a_quiet_one_and_by_who_looks_at_the_kiosk() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let token = admin.token().expect("a token");
    let mut hand = Hand::at(&server, 1).await;
    drop(hand.open().await.ok());
    let kiosk = server.ready["kiosks"][2]["token"].as_str().expect("a token");
    let busy = open(&server, "/api/stream?topic=active-sessions", token);
    let mut other = open(&server, "/api/stream?topic=active-sessions", token);
    let quiet = open(&server, "/api/stream?topic=reports", token);
    let own = open(&server, "/api/kiosk/stream", kiosk);
    let mut stations = Events::open(&admin, "/api/admin/dashboard/stations/stream").await;
    server.advance(6_000);
    let is = |event: &Event, contact: &str| {
        let kiosk = &event.data["station"]["kiosk"];
        kiosk["id"] == server.ready["kiosks"][2]["id"] && kiosk["contact"] == contact
    };
    while !is(&stations.wait_for("update").await, "online") {}
    assert!([&busy, &other, &quiet, &own].iter().all(|stream| is_held(stream)));
    [&busy, &quiet, &own].into_iter().for_each(pull);
    let pulled = Instant::now();
    drop(hand.enter("setup", serde_json::json!({})).await.ok());
    let mut gone = [None; 4];
    let (stale, mut passed) = (
        tokio::spawn(async move {
            // The first update of this kiosk after it was online says that it is not.
            loop {
                let event = stations.next().await.expect("goes on");
                if event.data["station"]["kiosk"]["contact"] == "stale" {
                    return Instant::now();
                }
            }
        }),
        Duration::ZERO,
    );
    while gone.iter().any(Option::is_none) {
        assert!(pulled.elapsed() < Duration::from_secs(60), "not seen within a minute: {gone:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
        let step = pulled.elapsed() - passed;
        server.advance(u64::try_from(step.as_millis()).unwrap());
        passed += step;
        let held = [is_held(&busy), is_held(&quiet), is_held(&own), !stale.is_finished()];
        for (gone, held) in gone.iter_mut().zip(held) {
            if !held {
                gone.get_or_insert(pulled.elapsed());
            }
        }
    }
    stale.await.expect("was told");
    let [first, ..] = gone.map(Option::unwrap_or_default);
    assert!(first > Duration::from_secs(30), "after {first:?}: it was something else");
    #[expect(clippy::print_stdout, reason = "figures for people")]
    {
        println!("dropped and told after: busy, quiet, kiosk's, contact on the board: {gone:?}");
    }
    // The other one has heard it all, and goes on.
    assert!(is_held(&other));
    read_until(&mut other, "event: update");
    drop(hand.enter("stop", serde_json::json!({})).await.ok());
    read_until(&mut other, "event: update");
}
