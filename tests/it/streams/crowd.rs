//! Many readers at once, and readers that take nothing.

use super::{Hand, status_of};
use futures_util::future::join_all;
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

const BOARD: &str = "/api/admin/dashboard/active-sessions/stream";
const SCREEN: &str = "/api/stream?topic=active-sessions&topic=stations&topic=notifications";

/// How many changes it takes to know what one of them costs.
const MEASURED: usize = 200;

/// How many changes there are while a thousand boards connect: half a second's.
const MEANWHILE: usize = 10;

/// The SQL statements a server has logged so far, by their beginning.
fn statements(server: &TestServer) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for line in server.log().lines().filter(|line| line.contains("sqlx::query")) {
        let said = line.split("summary=").nth(1).unwrap_or(line);
        let text = said.trim_start_matches('"').split('"').next().unwrap_or(said);
        *counted.entry(text.to_owned()).or_default() += 1;
    }
    counted
}

/// What happened between two looks, besides so many changes of which each costs so much.
fn beyond(
    before: &BTreeMap<String, usize>,
    after: &BTreeMap<String, usize>,
    cost: &BTreeMap<String, usize>,
    changes: usize,
    took: Duration,
) -> Vec<(String, usize)> {
    // What a change does not do each time is of the server's own watch, which looks every five seconds.
    let looks = 2 + usize::try_from(took.as_secs() / 5).expect("seconds");
    let more = after.iter().filter_map(|(text, count)| {
        let was = before.get(text).copied().unwrap_or_default();
        let own = cost.get(text).copied().unwrap_or_default();
        let allowed = (own * changes).div_ceil(MEASURED) + if own % MEASURED == 0 { 0 } else { looks };
        let over = (count - was).saturating_sub(allowed);
        (over > 0).then(|| (text.clone(), over))
    });
    more.collect()
}

/// Somebody who changes his status again and again; 20 times in each second of the server's clock.
struct Restless {
    hand: Hand,
    statuses: [String; 2],
    made: usize,
}

impl Restless {
    async fn at(server: &TestServer) -> Self {
        let mut hand = Hand::at(server, 1).await;
        drop(hand.open().await.ok());
        let statuses = [status_of(&hand, "setup").await, status_of(&hand, "stop").await];
        Self { hand, statuses, made: 0 }
    }

    async fn change(&mut self, server: &TestServer) {
        let status = &self.statuses[self.made % 2];
        drop(self.hand.act("/api/status-events", json!({"statusDefinitionId": status})).await.ok());
        self.made += 1;
        server.advance(50);
    }
}

async fn open(admin: &Caller, path: &str, cursor: Option<&str>) -> Events {
    let mut events = Events::resume(admin, path, cursor).await.expect("answers");
    let first = events.next().await.expect("goes on");
    match cursor {
        None => assert_eq!(first.name, "initial"),
        Some(_) => assert_ne!(first.name, "initial", "resumed: {:?}", first.data["reason"]),
    }
    events
}

#[tokio::test]
async fn a_thousand_boards_cost_five_statements_while_the_floor_moves() {
    let server = TestServer::demo(&["--log-level", "warn,sqlx::query=debug"]);
    let admin = Caller::admin(&server).await;
    let mut restless = Restless::at(&server).await;
    restless.change(&server).await;
    let before = statements(&server);
    for _ in 0..MEASURED {
        restless.change(&server).await;
    }
    // With what the watch does once a minute.
    server.advance(61_000);
    drop(admin.post("/api/cron/close-idle-sessions", json!({})).await.ok());
    let mut cost = statements(&server);
    assert!(cost.values().sum::<usize>() > MEASURED, "statements are logged");
    cost.iter_mut().for_each(|(text, count)| *count -= before.get(text).copied().unwrap_or_default());
    // Where a screen stood before: it resumes from there.
    let mut screen = Events::open(&admin, SCREEN).await;
    let cursor = loop {
        if let Some(id) = screen.next().await.expect("goes on").id {
            break id;
        }
    };
    let mut open_boards = Vec::new();
    for (path, cursor) in [(BOARD, None), (SCREEN, None), (SCREEN, Some(cursor.as_str()))] {
        let (before, began) = (statements(&server), Instant::now());
        let boards = join_all((0..1_000).map(|_| open(&admin, path, cursor)));
        let moves = async {
            for _ in 0..MEANWHILE {
                restless.change(&server).await;
            }
        };
        open_boards.push(tokio::join!(boards, moves).0);
        let more = beyond(&before, &statements(&server), &cost, MEANWHILE, began.elapsed());
        let sum: usize = more.iter().map(|(_, count)| count).sum();
        assert!(sum <= 5, "{sum} statements for a thousand at {path} from {cursor:?}: {more:#?}");
    }
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

/// For how many of these connections the server has bytes that can't go out.
fn stuck(streams: &[TcpStream]) -> usize {
    let table = std::fs::read_to_string("/proc/net/tcp").expect("this is Linux");
    let waiting = |stream: &&TcpStream| {
        let port = |address: std::io::Result<std::net::SocketAddr>| format!(":{:04X}", address.expect("it is").port());
        let (near, far) = (port(stream.local_addr()), port(stream.peer_addr()));
        table.lines().any(|line| {
            let columns: Vec<_> = line.split_whitespace().collect();
            // The server's end, and what it has yet to send.
            columns[1].ends_with(&far) && columns[2].ends_with(&near) && !columns[4].starts_with("00000000:")
        })
    };
    streams.iter().filter(waiting).count()
}

/// How long a change takes until a board has it: the middle of so many. A reader that slows others slows each of them;
/// the slowest few are the disk's.
async fn latency(restless: &mut Restless, live: &mut Events, server: &TestServer, rounds: usize) -> Duration {
    let mut took = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let began = Instant::now();
        let status = &restless.statuses[restless.made % 2];
        let body = json!({"statusDefinitionId": status, "note": "n".repeat(400)});
        drop(restless.hand.act("/api/status-events", body).await.ok());
        drop(live.wait_for("update").await);
        took.push(began.elapsed());
        restless.made += 1;
    }
    server.advance(1_000);
    took.sort();
    took[rounds / 2]
}

#[tokio::test]
async fn a_hundred_readers_that_take_nothing_are_let_go_and_slow_nobody() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let token = admin.token().expect("a token").to_owned();
    let address = server.url.strip_prefix("http://").unwrap().parse().unwrap();
    let mut restless = Restless::at(&server).await;
    let mut live = Events::open(&admin, BOARD).await;
    drop(live.wait_for("initial").await);
    // A screen that shows so much of one session that what is sent fills the buffers in between soon.
    let detail = restless.hand.session().to_owned();
    let screen = format!(
        "/api/stream?topic=active-sessions&topic=stations&topic=session/{detail}&topic=realtime%3Fsubscribe%3Dsessions:*\
         &topic=realtime%3Fsubscribe%3Dstatus_events:*"
    );
    // Somebody who reads it, so that what the server keeps for such a screen is there before it is measured.
    let mut reads = Events::open(&admin, &screen).await;
    let reading = tokio::spawn(async move { while reads.next().await.is_some() {} });
    latency(&mut restless, &mut live, &server, 300).await;
    let usual = latency(&mut restless, &mut live, &server, 200).await;
    let (before, calm) = (descriptors(&server), memory(&server));
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
    // Not for long: the system gives up who takes nothing, and its clock is nobody's.
    let began = Instant::now();
    while stuck(&stalled) < 100 {
        assert!(began.elapsed() < Duration::from_secs(20), "{} have stopped", stuck(&stalled));
        latency(&mut restless, &mut live, &server, 20).await;
    }
    let meanwhile = latency(&mut restless, &mut live, &server, 200).await;
    let bound = usual * 2 + Duration::from_millis(20);
    assert!(meanwhile < bound, "{meanwhile:?} for a change to reach the one who reads, {usual:?} before");
    // By the server's clock nothing has moved for longer than a peer is waited for.
    server.advance(46_000);
    let patience = Instant::now();
    while descriptors(&server) > before + 12 {
        assert!(patience.elapsed() < Duration::from_secs(20), "{} descriptors, {before} before", descriptors(&server));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let after = memory(&server);
    assert!(after < calm + 16 * 1024, "{after} KiB, {calm} before");
    latency(&mut restless, &mut live, &server, 1).await;
    reading.abort();
}
