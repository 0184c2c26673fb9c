//! The reader against connections that end, fall silent, are refused, or never come about.

use super::*;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use millrace_domain::{DrivenClock, SystemChance};
use millrace_protocol::{Code, Problem};
use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::Mutex;

/// One connection.
enum Connection {
    /// Says this and ends.
    Says(&'static str),
    /// Says this and then nothing, for ever.
    Falls(&'static str),
    /// Is refused.
    Refused(Code),
    /// Is answered by something else.
    Foreign,
    /// Is never answered.
    Hangs,
}

#[derive(Default)]
struct Script {
    connections: Mutex<VecDeque<Connection>>,
    snapshots: Mutex<VecDeque<&'static str>>,
    cursors: Mutex<Vec<Option<String>>>,
}

type Shared = Arc<Script>;

async fn answer(
    State(script): State<Shared>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if query.contains_key("snapshot") {
        let snapshot = script.snapshots.lock().expect("the script").pop_front();
        return match snapshot {
            Some(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            None => StatusCode::BAD_GATEWAY.into_response(),
        };
    }
    let cursor = headers.get("last-event-id").map(|id| id.to_str().expect("a cursor").to_owned());
    script.cursors.lock().expect("the script").push(cursor);
    let connection = script.connections.lock().expect("the script").pop_front();
    let sse = [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")];
    match connection {
        Some(Connection::Says(text)) => (sse, text).into_response(),
        Some(Connection::Falls(text)) => {
            let said = stream::iter([Ok::<_, Infallible>(Bytes::from_static(text.as_bytes()))]);
            (sse, Body::from_stream(said.chain(stream::pending()))).into_response()
        }
        Some(Connection::Refused(code)) => {
            let problem = Problem::new(code, "no");
            let status = StatusCode::from_u16(problem.status).expect("a status");
            let kind = [(header::CONTENT_TYPE, "application/problem+json")];
            (status, kind, serde_json::to_string(&problem).expect("writes")).into_response()
        }
        Some(Connection::Hangs) => std::future::pending().await,
        Some(Connection::Foreign) | None => StatusCode::BAD_GATEWAY.into_response(),
    }
}

struct Reading {
    script: Shared,
    clock: Arc<DrivenClock>,
    messages: mpsc::Receiver<StreamMessage>,
    reader: Reader,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Reading {
    async fn of(connections: impl IntoIterator<Item = Connection>, snapshots: &[&'static str]) -> Self {
        let script = Arc::new(Script::default());
        script.connections.lock().expect("the script").extend(connections);
        script.snapshots.lock().expect("the script").extend(snapshots);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().fallback(answer).with_state(script.clone());
        let server = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        let clock = Arc::new(DrivenClock::new());
        let (listener, messages) = mpsc::channel(64);
        let source = Source {
            client: Client::new(&url, Some("token")).expect("an address"),
            path: "/stream".into(),
            clock: clock.clone(),
            chance: Arc::new(SystemChance),
        };
        Self { script, clock, messages, reader: Reader::start(source, listener), server }
    }

    /// The next message; time passes quickly while there is none, and slowly enough for an answer on the way.
    async fn next(&mut self) -> StreamMessage {
        let waiting = async {
            loop {
                match tokio::time::timeout(Duration::from_millis(20), self.messages.recv()).await {
                    Ok(message) => return message.expect("the reader lives"),
                    Err(_) => self.clock.advance(Duration::from_millis(250)),
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("a message in time")
    }

    async fn state(&mut self) -> StreamState {
        match self.next().await {
            StreamMessage::State { state, .. } => state,
            other => panic!("{other:?}"),
        }
    }

    async fn event(&mut self) -> (String, Option<String>) {
        match self.next().await {
            StreamMessage::Event { name, id, .. } => (name, id),
            other => panic!("{other:?}"),
        }
    }

    fn cursors(&self) -> Vec<Option<String>> {
        self.script.cursors.lock().expect("the script").clone()
    }
}

fn named(name: &str, id: &str) -> (String, Option<String>) {
    (name.to_owned(), Some(id.to_owned()).filter(|id| !id.is_empty()))
}

#[tokio::test]
async fn a_cut_stream_goes_on_after_the_last_event() {
    let mut reading = Reading::of(
        [
            Connection::Says("event: initial\ndata: {}\nid: e.1\n\nevent: update\ndata: {}\nid: e.2\n\nevent: upd"),
            Connection::Falls("event: update\ndata: {}\nid: e.3\n\n"),
        ],
        &[],
    )
    .await;
    assert_eq!(reading.state().await, StreamState::Connecting);
    assert_eq!(reading.state().await, StreamState::Live);
    assert_eq!(reading.event().await, named("initial", "e.1"));
    assert_eq!(reading.event().await, named("update", "e.2"));
    assert_eq!(reading.state().await, StreamState::Stale);
    assert_eq!(reading.state().await, StreamState::Live);
    assert_eq!(reading.event().await, named("update", "e.3"));
    assert_eq!(reading.cursors(), [None, Some("e.2".to_owned())]);
}

#[tokio::test]
async fn events_that_share_an_offset_are_all_had_again_when_the_last_is_missing() {
    let mut reading = Reading::of(
        [
            Connection::Says("event: a\ndata: 1\nid: e.1\n\nevent: b\ndata: 1\n\n"),
            Connection::Falls("event: b\ndata: 1\n\nevent: c\ndata: 1\nid: e.2\n\n"),
        ],
        &[],
    )
    .await;
    reading.state().await;
    reading.state().await;
    assert_eq!(reading.event().await, named("a", "e.1"));
    assert_eq!(reading.event().await, named("b", ""));
    reading.state().await;
    reading.state().await;
    assert_eq!(reading.event().await, named("b", ""));
    assert_eq!(reading.event().await, named("c", "e.2"));
    assert_eq!(reading.cursors()[1].as_deref(), Some("e.1"));
}

#[tokio::test]
async fn a_stream_that_falls_silent_is_given_up() {
    let mut reading = Reading::of(
        [Connection::Falls("event: initial\ndata: {}\nid: e.1\n\n"), Connection::Falls("event: x\ndata: 1\n\n")],
        &[],
    )
    .await;
    reading.state().await;
    reading.state().await;
    reading.event().await;
    reading.clock.advance(SILENCE - Duration::from_secs(2));
    tokio::task::yield_now().await;
    assert!(reading.messages.try_recv().is_err(), "not yet");
    assert_eq!(reading.state().await, StreamState::Stale);
    assert_eq!(reading.state().await, StreamState::Live);
}

#[tokio::test]
async fn rotation_is_not_seen_by_the_listener() {
    let mut reading = Reading::of(
        [
            Connection::Falls("event: initial\ndata: {}\nid: e.1\n\nevent: goodbye\ndata: {\"reason\":\"rotate\"}\n\n"),
            Connection::Falls("event: update\ndata: {}\nid: e.2\n\n"),
        ],
        &[],
    )
    .await;
    reading.state().await;
    reading.state().await;
    assert_eq!(reading.event().await, named("initial", "e.1"));
    assert_eq!(reading.event().await, named("goodbye", ""));
    assert_eq!(reading.event().await, named("update", "e.2"));
    assert_eq!(reading.cursors()[1].as_deref(), Some("e.1"));
}

#[tokio::test]
async fn snapshots_are_fetched_while_the_stream_fails_and_the_stream_goes_on_from_them() {
    let mut reading = Reading::of(
        [
            Connection::Foreign,
            Connection::Foreign,
            Connection::Foreign,
            Connection::Falls("event: update\ndata: {}\nid: e.8\n\n"),
        ],
        &[r#"{"position":"e.7","sessions":[]}"#; 30],
    )
    .await;
    assert_eq!(reading.state().await, StreamState::Connecting);
    assert_eq!(reading.state().await, StreamState::Stale);
    assert_eq!(reading.state().await, StreamState::Polling);
    assert_eq!(reading.event().await, named("initial", "e.7"));
    let after = loop {
        match reading.next().await {
            StreamMessage::Event { name, .. } => assert_eq!(name, "initial"),
            StreamMessage::State { state, .. } => break state,
            refused @ StreamMessage::Refused { .. } => panic!("{refused:?}"),
        }
    };
    assert_eq!(after, StreamState::Live);
    assert_eq!(reading.event().await, named("update", "e.8"));
    assert_eq!(reading.cursors().last().expect("asked").as_deref(), Some("e.7"));
}

#[tokio::test]
async fn a_refusal_is_said_and_asked_again() {
    let mut reading = Reading::of(
        [Connection::Refused(Code::Unauthenticated), Connection::Falls("event: initial\ndata: {}\nid: e.1\n\n")],
        &[],
    )
    .await;
    reading.state().await;
    assert_eq!(reading.state().await, StreamState::Stale);
    assert!(
        matches!(reading.next().await, StreamMessage::Refused { problem } if problem.code == Code::Unauthenticated)
    );
    assert_eq!(reading.state().await, StreamState::Live);
}

#[tokio::test]
async fn an_event_that_is_no_json_is_a_hole_and_everything_is_asked_for_anew() {
    let mut reading = Reading::of(
        [
            Connection::Falls("event: initial\ndata: {}\nid: e.1\n\nevent: update\ndata: {broken\nid: e.2\n\n"),
            Connection::Falls("event: initial\ndata: {}\nid: e.2\n\n"),
        ],
        &[],
    )
    .await;
    reading.state().await;
    reading.state().await;
    reading.event().await;
    assert_eq!(reading.state().await, StreamState::Stale);
    assert_eq!(reading.state().await, StreamState::Live);
    assert_eq!(reading.cursors(), [None, None]);
}

#[tokio::test]
async fn a_woken_machine_reconnects_at_once() {
    let mut reading = Reading::of(
        [
            Connection::Falls("event: initial\ndata: {}\nid: e.1\n\n"),
            Connection::Falls("event: update\ndata: {}\nid: e.2\n\n"),
        ],
        &[],
    )
    .await;
    reading.state().await;
    reading.state().await;
    reading.event().await;
    reading.reader.reconnect();
    assert_eq!(reading.event().await, named("update", "e.2"));
}

#[tokio::test]
async fn a_machine_that_slept_is_noticed_and_reconnects_at_once() {
    let mut reading = Reading::of(
        [
            Connection::Falls("event: initial\ndata: {}\nid: e.1\n\n"),
            Connection::Falls("event: update\ndata: {}\nid: e.2\n\n"),
        ],
        &[],
    )
    .await;
    reading.state().await;
    reading.state().await;
    reading.event().await;
    // In suspend the steady clock stands still, the wall clock does not.
    reading.clock.jump_wall(20 * 60 * 1_000);
    reading.clock.advance(GLANCE);
    assert_eq!(reading.event().await, named("update", "e.2"));
    assert_eq!(reading.cursors(), [None, Some("e.1".to_owned())]);
}

#[tokio::test]
async fn a_snapshot_of_several_topics_is_an_initial_for_each() {
    let all = r#"{"position":"e.7","offset":7,"topics":[{"topic":"a","rows":[]},{"topic":"b","rows":[1]}]}"#;
    let mut reading = Reading::of([], &[all; 30]).await;
    assert_eq!(reading.state().await, StreamState::Connecting);
    assert_eq!(reading.state().await, StreamState::Stale);
    assert_eq!(reading.state().await, StreamState::Polling);
    let mut topics = Vec::new();
    for _ in 0..2 {
        match reading.next().await {
            StreamMessage::Event { name, data, .. } => {
                assert_eq!((name.as_str(), &data["offset"]), ("initial", &serde_json::json!(7)));
                assert!(data.get("topics").is_none(), "{data}");
                topics.push((data["topic"].clone(), data["rows"].clone()));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        topics,
        [(serde_json::json!("a"), serde_json::json!([])), (serde_json::json!("b"), serde_json::json!([1]))]
    );
}

/// How many snapshots are told before anything else, by the server's clock's seconds at which they came.
async fn polled(reading: &mut Reading, most: usize) -> Vec<Duration> {
    let mut at = Vec::new();
    while at.len() < most {
        match reading.next().await {
            StreamMessage::Event { name, .. } if name == "initial" => at.push(reading.clock.monotonic()),
            StreamMessage::State { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    at
}

#[tokio::test]
async fn while_a_connection_hangs_snapshots_are_fetched_all_the_same() {
    let hanging = || [Connection::Hangs, Connection::Falls("")];
    for hung in hanging() {
        let failures = [Connection::Foreign, Connection::Foreign, Connection::Foreign];
        let mut reading =
            Reading::of(failures.into_iter().chain([hung]), &[r#"{"position":"e.7","sessions":[]}"#; 60]).await;
        while reading.cursors().len() < 4 {
            drop(reading.next().await);
        }
        // It hangs for 15 s, or is silent for 45 s; nothing else is asked meanwhile.
        let at = polled(&mut reading, 2).await;
        assert_eq!(reading.cursors().len(), 4, "it still hangs");
        assert!(at.windows(2).all(|pair| pair[1] - pair[0] < Duration::from_secs(9)), "{at:?}");
    }
}

/// What is told of these events where a snapshot at `e.7` came before them, and with which cursor it would go on.
async fn told_after_a_snapshot(events: &[(&str, u64, &str)]) -> (Vec<(String, u64)>, String) {
    let (listener, mut messages) = mpsc::channel(16);
    let source = Source {
        client: Client::new("http://127.0.0.1:9", None).expect("an address"),
        path: "/stream".into(),
        clock: Arc::new(DrivenClock::new()),
        chance: Arc::new(SystemChance),
    };
    let mut inner = super::Reading {
        source,
        listener,
        reconnect: Arc::default(),
        backoff: Backoff::default(),
        polling: Polling::default(),
        polled: None,
        last_id: "e.5".into(),
        state: None,
    };
    let snapshot = serde_json::json!({"position": "e.7", "offset": 7});
    assert!(inner.take_snapshot(snapshot).await.is_ok());
    for (name, offset, id) in events {
        let data = serde_json::json!({"offset": offset, "position": id}).to_string();
        let event = Event { name: (*name).into(), data, last_id: (*id).into() };
        assert!(inner.take(event).await.is_ok());
    }
    let mut told = Vec::new();
    while let Ok(message) = messages.try_recv() {
        if let StreamMessage::Event { name, data, .. } = message {
            told.push((name, data["offset"].as_u64().expect("an offset")));
        }
    }
    (told, inner.last_id)
}

#[tokio::test]
async fn a_stream_that_catches_up_with_a_snapshot_tells_nothing_that_is_older() {
    let old = [("initial", 5, "e.5"), ("message", 6, "e.6")];
    let told = |events: &[(&str, u64)]| events.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect::<Vec<_>>();
    // Not even its `initial`, which would take back what the snapshot has told.
    assert_eq!(told_after_a_snapshot(&old).await, (told(&[("initial", 7)]), "e.7".to_owned()));
    let on = [old[0], old[1], ("update", 8, "e.8")];
    assert_eq!(told_after_a_snapshot(&on).await, (told(&[("initial", 7), ("update", 8)]), "e.8".to_owned()));
}

#[tokio::test]
async fn an_initial_that_is_newer_or_of_another_history_is_told_with_all_that_follows() {
    for events in [[("initial", 9, "e.9"), ("update", 10, "e.10")], [("initial", 2, "f.2"), ("update", 3, "f.3")]] {
        let (told, last) = told_after_a_snapshot(&events).await;
        let told: Vec<_> = told[1..].iter().map(|(name, at)| (name.as_str(), *at)).collect();
        assert_eq!((told, last.as_str()), (events.map(|(name, at, _)| (name, at)).to_vec(), events[1].2));
    }
}

#[tokio::test]
async fn a_server_that_only_rotates_is_asked_less_and_less() {
    let rotates = || Connection::Says("event: goodbye\ndata: {\"reason\":\"rotate\"}\n\n");
    let mut reading = Reading::of([rotates(), rotates(), rotates(), rotates()], &[]).await;
    reading.state().await;
    let mut at = Vec::new();
    for _ in 0..3 {
        assert_eq!(reading.event().await, named("goodbye", ""), "no doubt yet");
        at.push(reading.clock.monotonic());
    }
    assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= crate::backoff::BASE), "{at:?}");
}
