//! Several topics on one connection: one position, one order, one id.

use super::client::{Board, Client, Received};
use super::floor::{Floor, asking, changed, closed, opened, session, tight, unseen};
use crate::stream::{Scope, StreamSettings, Subscription, Subscriptions, TopicKey, Wanted};
use futures_util::{FutureExt, StreamExt};
use millrace_domain::change::Row;
use millrace_protocol::SessionId;
use millrace_protocol::session::Session;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

fn wanted(keys: &[TopicKey]) -> Vec<Wanted> {
    keys.iter().map(|key| Wanted { key: key.clone(), name: Some(key.kind().to_owned()) }).collect()
}

fn one_session(n: u8) -> TopicKey {
    TopicKey::Session(session(n, 1).id)
}

async fn connect(floor: &Floor, keys: &[TopicKey], cursor: Option<&str>) -> Client {
    let response = floor.hub.respond_all(wanted(keys), asking(cursor)).await;
    assert_eq!(response.status(), 200);
    Client::new(response.into_body())
}

/// Name, topic, offset and whether it has an id.
fn told(events: &[Received]) -> Vec<(&str, &str, u64, bool)> {
    let topic = |event: &Received| event.data["topic"].as_str().map(str::to_owned);
    events
        .iter()
        .map(|event| {
            assert!(topic(event).is_some() || event.name == "heartbeat", "{event:?}");
            let offset = event.data["offset"].as_u64().expect("an offset");
            (event.name.as_str(), event.data["topic"].as_str().unwrap_or_default(), offset, event.id.is_some())
        })
        .collect()
}

/// A change that the board, the stations, the notifications and the session's own stream all tell.
fn uncounted(n: u8, version: u32) -> Row {
    let Row::Sessions { old, new, owner, closer } = closed(n, version) else { unreachable!("a session") };
    Row::Sessions { old, new: Box::new(Session { count_missing: true, ..*new }), owner, closer }
}

#[tokio::test]
async fn initials_are_at_one_position_and_of_what_belongs_together_the_last_has_the_id() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1), unseen()]).await;
    let keys = [TopicKey::ActiveSessions, TopicKey::Stations, TopicKey::Notifications, one_session(1)];
    let mut client = connect(&floor, &keys, None).await;
    assert_eq!(
        told(&client.read()),
        [
            ("initial", "active_sessions", 2, false),
            ("initial", "stations", 2, false),
            ("initial", "notifications", 2, false),
            ("initial", "session", 2, true),
        ]
    );
    floor.commit(vec![uncounted(1, 2), unseen(), opened(2)]).await;
    let events = client.read();
    assert_eq!(
        told(&events),
        [
            ("delete", "active_sessions", 3, false),
            ("update", "stations", 3, false),
            ("insert", "notifications", 3, false),
            ("session_update", "session", 3, true),
            ("insert", "active_sessions", 5, false),
            ("update", "stations", 5, true),
        ]
    );
    assert_eq!(events[1].data["station"]["lastSession"]["workerName"], "Worker 1");
    assert_eq!(events[1].data["station"]["occupancy"], Value::Null);
    assert_eq!(events[2].data["notification"]["kind"], "missingCount");
    assert_eq!(events[5].data["station"]["occupancy"]["workerName"], "Worker 2");
    floor.pass(Duration::from_secs(19)).await;
    assert_eq!(told(&client.read()), [("heartbeat", "", 5, true)]);

    // Cut in the middle of an offset: it comes again, whole.
    let mut again = connect(&floor, &keys, Some("e1.2")).await;
    let all = again.read();
    assert_eq!((told(&all).len(), told(&all)[6]), (7, ("heartbeat", "", 5, true)));
    let mut rest = connect(&floor, &keys, Some("e1.3")).await;
    assert_eq!(told(&rest.read()).len(), 3);
}

/// The pieces that have come by now.
async fn pieces(floor: &Floor, keys: &[TopicKey], cursor: Option<&str>) -> Vec<bytes::Bytes> {
    let response = floor.hub.respond_all(wanted(keys), asking(cursor)).await;
    let mut body = response.into_body().into_data_stream();
    std::iter::from_fn(|| Some(body.next().now_or_never()?.expect("goes on").expect("no error"))).collect()
}

#[tokio::test]
async fn what_is_told_under_a_name_is_shared_by_all_who_read_it() {
    let keys = [TopicKey::ActiveSessions, TopicKey::Stations, one_session(1)];
    for settings in [StreamSettings::default(), tight()] {
        let in_log = settings.ring_frames < 10;
        let floor = Floor::with_past(settings, vec![opened(1)]).await;
        for version in 2..=6 {
            floor.commit(vec![changed(1, version)]).await;
        }
        // From the log come rows only: what is drawn begins anew.
        let keys = if in_log { &[TopicKey::ActiveSessions, one_session(1)][..] } else { &keys[..] };
        for cursor in [None, Some("e1.1")] {
            let (one, other) = (pieces(&floor, keys, cursor).await, pieces(&floor, keys, cursor).await);
            assert!(one.len() > 2 * keys.len());
            let shared = one.iter().zip(&other).filter(|(one, other)| one.as_ptr() == other.as_ptr()).count();
            let told =
                one.concat().windows(7).filter(|text| text == b"\nevent:").count() - usize::from(cursor.is_some());
            assert_eq!(shared, told, "each but the beat, {cursor:?}");
        }
    }
}

#[tokio::test]
async fn a_snapshot_that_is_older_is_taken_again_only_where_something_happened() {
    for (row, more) in [(changed(1, 2), 1), (unseen(), 0)] {
        let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
        floor.log.answers.send_replace(false);
        let hub = floor.hub.clone();
        let keys = wanted(&[one_session(1), TopicKey::Reports(None)]);
        let connecting = tokio::spawn(async move { hub.respond_all(keys, asking(None)).await.into_body() });
        while floor.log.snapshots.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        // The session's was read at 1 and is on its way; the reports' will be read at 2.
        floor.commit(vec![row]).await;
        floor.log.answers.send_replace(true);
        let mut client = Client::new(connecting.await.expect("connects"));
        let events = client.read();
        assert_eq!(
            told(&events),
            [("initial", "session", 2, false), ("initial", "reports", 2, true)],
            "and nothing after it"
        );
        assert_eq!(events[0].data["session"]["version"], 1 + more);
        assert_eq!(floor.log.snapshots.load(Ordering::Relaxed) as u64, 2 + more);
    }
}

#[tokio::test]
async fn several_snapshots_are_one_answer() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    let ask = crate::stream::Ask::read(&http::HeaderMap::new(), &[("snapshot".into(), "1".into())]);
    let response = floor.hub.respond_all(wanted(&[TopicKey::ActiveSessions, TopicKey::Stations]), ask).await;
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let json: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!((&json["offset"], &json["topics"][1]["topic"]), (&json!(1), &json!("stations")));
    assert_eq!(json["topics"][0]["sessions"][0]["workerName"], "Worker 1");
    assert_eq!(json["topics"][1]["stations"][0]["occupancy"]["workerName"], "Worker 1");
}

#[tokio::test]
async fn from_the_log_several_come_in_the_same_order_and_what_is_drawn_begins_anew() {
    let floor = Floor::new(tight()).await;
    let rows = [TopicKey::ActiveSessions, TopicKey::Notifications, one_session(1)];
    let mut client = connect(&floor, &rows, None).await;
    client.read();
    floor.commit(vec![opened(1), unseen(), changed(1, 2), uncounted(1, 3)]).await;
    let live: Vec<_> = client.read().into_iter().map(|event| (event.name, event.id, event.data)).collect();
    for version in 2..=6 {
        floor.commit(vec![if version == 2 { opened(2) } else { changed(2, version) }]).await;
    }
    let mut late = connect(&floor, &rows, Some("e1.0")).await;
    let read: Vec<_> = late.read().into_iter().map(|event| (event.name, event.id, event.data)).collect();
    assert_eq!(read[..live.len()], live[..]);
    assert!(read.len() > live.len());
    let drawn = [TopicKey::ActiveSessions, TopicKey::Stations];
    let fresh = connect(&floor, &drawn, Some("e1.1")).await.read();
    assert_eq!(told(&fresh), [("initial", "active_sessions", 9, false), ("initial", "stations", 9, true)]);
    assert_eq!(fresh[1].data["reason"], "behind");
}

#[tokio::test]
async fn a_subscription_tells_the_update_that_ends_what_it_filters_for() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1), opened(2)]).await;
    let wanted = [Subscription::read("sessions:*:status=eq.active").expect("reads")];
    let all = TopicKey::Realtime(Arc::new(Subscriptions::new(Scope::All, wanted.clone())));
    let own = TopicKey::Realtime(Arc::new(Subscriptions::new(Scope::Kiosk(super::floor::kiosk(2)), wanted)));
    let (mut all, mut own) = (floor.connect(all, None).await, floor.connect(own, None).await);
    let begun = all.read().remove(0);
    assert_eq!((begun.name.as_str(), begun.data["position"].as_str()), ("initial", Some("e1.2")));
    assert!(begun.data.get("sessions").is_none(), "a position, no rows");
    own.read();
    floor.commit(vec![closed(1, 2), changed(2, 2)]).await;
    let changes = all.read();
    assert_eq!(changes.len(), 2);
    assert_eq!((&changes[0].data["eventType"], &changes[0].data["table"]), (&json!("UPDATE"), &json!("sessions")));
    assert_eq!(
        (&changes[0].data["old"]["status"], &changes[0].data["new"]["status"]),
        (&json!("active"), &json!("completed"))
    );
    assert!(changes[0].data["commitTimestamp"].is_string());
    let changes = own.read();
    assert_eq!((changes.len(), &changes[0].data["new"]["workerName"]), (1, &json!("Worker 2")), "its own only");
}

/// What a screen with three topics knows.
#[derive(Default)]
struct Screen {
    board: Board,
    occupied: BTreeMap<SessionId, ()>,
    cursor: Option<String>,
    offset: u64,
    /// Events of one offset, of which the last is still to come: who is cut off before it gets all of them again.
    held: Vec<Received>,
    goodbye: bool,
}

impl Screen {
    fn hear(&mut self, events: Vec<Received>) {
        for event in events {
            if event.name == "goodbye" {
                self.goodbye = true;
                continue;
            }
            let is_last = event.id.is_some();
            self.held.push(event);
            if is_last {
                self.take();
            }
        }
    }

    fn take(&mut self) {
        let before = self.offset;
        for event in std::mem::take(&mut self.held) {
            let offset = event.data["offset"].as_u64().expect("an offset");
            assert!(offset > before || event.name != "update", "{event:?} after {before}");
            self.offset = offset;
            match (event.data["topic"].as_str(), event.name.as_str()) {
                (Some("stations"), "initial") => {
                    self.occupied.clear();
                    event.data["stations"].as_array().expect("a list").iter().for_each(|row| self.station(row));
                }
                (Some("stations"), _) => self.station(&event.data["station"]),
                (Some("active_sessions"), _) => {
                    let id = Some(format!("{}.{offset}", super::floor::EPOCH));
                    self.board.hear(vec![Received { id, ..event.clone() }]);
                }
                _ => {}
            }
            if let Some(id) = event.id {
                self.cursor = Some(id);
            }
        }
    }

    fn station(&mut self, row: &Value) {
        let station: millrace_protocol::StationId = serde_json::from_value(row["id"].clone()).expect("an id");
        // The floor of these tests gives a station the id of its session.
        let id = SessionId(station.0);
        if row["occupancy"].is_null() {
            self.occupied.remove(&id);
        } else {
            self.occupied.insert(id, ());
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Commit(Vec<u8>),
    Untold(u8),
    Read(usize),
    Cut,
    Pass(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec(1_u8..6, 1..8).prop_map(Step::Commit),
        1 => (1_u8..6).prop_map(Step::Untold),
        4 => (1_usize..6).prop_map(Step::Read),
        2 => Just(Step::Cut),
        1 => (1_u8..40).prop_map(Step::Pass),
    ]
}

fn next(versions: &mut BTreeMap<u8, u32>, n: u8) -> Row {
    let version = versions.entry(n).and_modify(|version| *version += 1).or_insert(1);
    match *version {
        1 => opened(n),
        3 => {
            versions.remove(&n);
            closed(n, 3)
        }
        version => changed(n, version),
    }
}

async fn play(settings: StreamSettings, steps: Vec<Step>) {
    let keys = [TopicKey::ActiveSessions, TopicKey::Stations, one_session(1)];
    let floor = Floor::new(settings).await;
    let (mut screen, mut versions) = (Screen::default(), BTreeMap::new());
    let mut client = connect(&floor, &keys, None).await;
    for step in steps {
        let mut cut = matches!(step, Step::Cut);
        match step {
            Step::Commit(numbers) => {
                floor.commit(numbers.into_iter().map(|n| next(&mut versions, n)).collect()).await;
            }
            Step::Untold(n) => {
                floor.log.write(vec![next(&mut versions, n)]);
                // The hub hears of it with the next commit; a connection that begins now waits for that.
                floor.commit(vec![unseen()]).await;
            }
            Step::Read(chunks) => screen.hear(client.read_some(chunks)),
            Step::Cut => {}
            Step::Pass(seconds) => floor.pass(Duration::from_secs(seconds.into())).await,
        }
        cut |= client.ended || screen.goodbye;
        if cut {
            screen.goodbye = false;
            screen.held.clear();
            client = connect(&floor, &keys, screen.cursor.as_deref()).await;
        }
    }
    floor.commit(vec![unseen()]).await;
    for _ in 0..5 {
        screen.hear(client.read());
        if !std::mem::take(&mut screen.goodbye) {
            break;
        }
        screen.held.clear();
        client = connect(&floor, &keys, screen.cursor.as_deref()).await;
    }
    assert_eq!(screen.board.sessions, floor.log.open_sessions());
    let occupied: Vec<_> = screen.occupied.into_keys().collect();
    assert_eq!(occupied, floor.log.open_sessions().into_keys().collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_screen_that_is_cut_anywhere_ends_with_the_servers_state(steps in prop::collection::vec(step(), 1..50)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(play(tight(), steps.clone()));
        runtime.block_on(play(StreamSettings::default(), steps));
    }
}
