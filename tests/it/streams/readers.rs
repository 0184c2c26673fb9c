//! Readers that nobody here wrote have to understand us: names, data and last ids, in order, across what belongs to one
//! offset. The browser's own EventSource reads our streams in `browser`.

use super::Hand;
use eventsource_client::{Client as _, ClientBuilder, SSE};
use futures_util::TryStreamExt;
use launchdarkly_sdk_transport::HyperTransport;
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::generated::repository;
use millrace_tests::process::Running;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const PATH: &str = "/api/stream?topic=active-sessions&topic=stations&topic=reports";
const NAMES: &str = "initial,insert,update,delete,heartbeat,goodbye";
const PATIENCE: Duration = Duration::from_secs(60);

/// What a reader makes of the stream: name, last id, data.
type Read = (String, String, Value);

/// Starts a script that prints what it reads.
fn script(program: &str, file: &str, server: &TestServer, token: &str) -> (Running, Receiver<Read>) {
    let folder = repository().join("tests/readers");
    let mut command = Command::new(if program.contains('/') { folder.join(program) } else { program.into() });
    command.arg(folder.join(file)).stdin(Stdio::null()).stdout(Stdio::piped());
    command.env("MILLRACE_TEST_URL", format!("{}{PATH}", server.url)).env("MILLRACE_TEST_TOKEN", token);
    command.env("MILLRACE_TEST_EVENTS", NAMES).env_remove("HTTP_PROXY").env_remove("http_proxy");
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{file}: {error}; scripts/test brings the readers"));
    let stdout = child.stdout.take().expect("stdout is piped");
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let read: Value = serde_json::from_str(&line).expect("a line of JSON");
            let text = |member: &str| read[member].as_str().expect("a text").to_owned();
            if sender.send((text("name"), text("id"), read["data"].clone())).is_err() {
                return;
            }
        }
    });
    (Running::of(child), lines)
}

/// The same by the crate `eventsource-client`.
fn client(server: &TestServer, token: &str) -> (tokio::task::JoinHandle<()>, Receiver<Read>) {
    let transport = HyperTransport::builder().disable_proxy().build_http().expect("a transport");
    let client = ClientBuilder::for_url(&format!("{}{PATH}", server.url)).expect("an address");
    let client = client.header("Authorization", &format!("Bearer {token}")).expect("a header");
    let client = client.build_with_transport(transport);
    let (sender, events) = channel();
    let reading = tokio::spawn(async move {
        let mut stream = client.stream();
        // It gives an event the id of its own lines; the standard keeps the last one.
        let mut last = String::new();
        while let Ok(Some(told)) = stream.try_next().await {
            let SSE::Event(event) = told else { continue };
            last = event.id.unwrap_or(last);
            let data = serde_json::from_str(&event.data).expect("JSON");
            if sender.send((event.event_type, last.clone(), data)).is_err() {
                return;
            }
        }
    });
    (reading, events)
}

/// What a reader has read up to the event that our own reader read last.
fn read_until(name: &str, lines: &Receiver<Read>, wanted: usize) -> Vec<Read> {
    let mut read = Vec::new();
    while read.len() < wanted {
        let next = lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{name} is silent after {read:?}"));
        if next.0 != "heartbeat" {
            read.push(next);
        }
    }
    read
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_nobody_here_wrote_read_the_same() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let token = admin.token().expect("a token").to_owned();
    let mut hand = Hand::at(&server, 1).await;
    let mut own = Events::open(&admin, PATH).await;
    let scripts = [
        ("npm eventsource", script("node", "eventsource.mjs", &server, &token)),
        ("npm eventsource-parser", script("node", "eventsource-parser.mjs", &server, &token)),
        ("Python httpx-sse", script(".venv/bin/python", "httpx_sse_reader.py", &server, &token)),
    ];
    let (reading, crate_events) = client(&server, &token);
    let readers = scripts.iter().map(|(name, (_, lines))| (*name, lines));
    let readers: Vec<_> = readers.chain([("crate eventsource-client", &crate_events)]).collect();
    // Everybody is there before anything happens, so that all have the same to read. The initials may be of a moment
    // apart: what is compared begins after them.
    for (name, lines) in &readers {
        let initials = read_until(name, lines, 3);
        assert!(initials.iter().all(|(event, ..)| event == "initial"), "{name}: {initials:?}");
        assert_eq!((initials[1].1.as_str(), initials[2].1.is_empty()), ("", false), "{name}: the last has the id");
    }
    for _ in 0..3 {
        drop(own.wait_for("initial").await);
    }
    drop(hand.open().await.ok());
    drop(hand.enter("malfunction", json!({"note": "שלום\r\n\u{2028}data: x\n\n"})).await.ok());
    drop(hand.end().await.ok());
    let (mut wanted, mut last): (Vec<Read>, _) = (Vec::new(), String::new());
    loop {
        let event = own.next().await.expect("goes on");
        if event.name == "heartbeat" {
            last = event.id.unwrap_or(last);
            continue;
        }
        let whole = event.id.is_some();
        last = event.id.unwrap_or(last);
        wanted.push((event.name, last.clone(), event.data));
        if whole && wanted.iter().any(|(name, ..)| name == "delete") {
            break;
        }
    }
    for (name, lines) in &readers {
        let read = read_until(name, lines, wanted.len());
        let told = |read: &[Read]| read.iter().map(|(name, _, data)| (name.clone(), data.clone())).collect::<Vec<_>>();
        assert_eq!(told(&read), told(&wanted), "{name}");
        let end = |read: &[Read]| read.last().map(|(_, id, _)| id.clone());
        assert_eq!(end(&read), end(&wanted), "{name}");
    }
    reading.abort();
}
