//! First connects: live before snapshot, one snapshot for many, exact bytes.

use super::client::Board;
use super::floor::{Floor, changed, claimant, closed, kiosk, opened, session, tight, unseen};
use crate::stream::{StreamSettings, TopicKey};
use axum::body::to_bytes;
use millrace_domain::change::Row;
use millrace_protocol::stream::{ActiveSessionsInitial, KioskInitial};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A stream whose snapshot is read from the database.
fn detail() -> TopicKey {
    TopicKey::Session(session(1, 1).id)
}

#[tokio::test]
async fn a_change_between_registering_and_the_snapshot_is_neither_lost_nor_told_twice() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    // The snapshot is read at 1; while it is on its way, a change is committed and published.
    floor.log.answers.send_replace(false);
    let hub = floor.hub.clone();
    let connecting = tokio::spawn(async move { hub.respond(detail(), super::floor::asking(None)).await.into_body() });
    while floor.log.snapshots.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    floor.commit(vec![changed(1, 2), opened(2), changed(1, 3)]).await;
    floor.log.answers.send_replace(true);
    let mut client = super::client::Client::new(connecting.await.expect("connects"));
    let events = client.read();
    let told: Vec<_> = events.iter().map(|event| (event.name.as_str(), event.data["offset"].as_u64())).collect();
    assert_eq!(told, [("initial", Some(1)), ("session_update", Some(2)), ("session_update", Some(4))]);
}

#[tokio::test]
async fn a_snapshot_ahead_of_the_hub_is_not_followed_by_what_it_contains() {
    let floor = Floor::new(StreamSettings::default()).await;
    let batch = floor.log.write(vec![opened(1), changed(1, 2)]);
    let mut client = floor.connect(detail(), None).await;
    assert_eq!(client.read()[0].data["session"]["version"], 2);
    floor.log.tell(batch);
    floor.commit(vec![changed(1, 3)]).await;
    let events = client.read();
    assert_eq!(events.len(), 1, "only what is new: {events:?}");
    assert_eq!(events[0].data["session"]["version"], 3);
    // A cursor from such a snapshot is this log's, even before the hub got there.
    let batch = floor.log.write(vec![opened(4)]);
    let mut early = floor.connect(TopicKey::ActiveSessions, Some("e1.4")).await;
    let told: Vec<_> = early.read().into_iter().map(|event| event.name).collect();
    assert_eq!(told, ["heartbeat"], "resumed, with nothing to tell but that it lives");
    floor.log.tell(batch);
}

#[tokio::test]
async fn a_thousand_boards_that_come_at_once_ask_nothing_of_the_database() {
    let floor = Floor::with_past(StreamSettings::default(), (1..50).map(opened).collect()).await;
    let mut clients = Vec::new();
    for number in 0..1_000 {
        if number % 100 == 0 {
            floor.commit(vec![changed(1, 2 + number / 100)]).await;
        }
        clients.push(floor.connect(TopicKey::ActiveSessions, None).await);
    }
    assert_eq!(floor.log.snapshots.load(Ordering::Relaxed), 0);
    for client in &mut clients {
        let mut board = Board::default();
        board.hear(client.read());
        assert_eq!(board.sessions, floor.log.open_sessions());
    }
}

#[tokio::test]
async fn on_a_quiet_floor_a_snapshot_holds_as_long_as_nothing_happens() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    let _first = floor.connect(detail(), None).await;
    floor.pass(Duration::from_secs(60)).await;
    let _second = floor.connect(detail(), None).await;
    assert_eq!(floor.log.snapshots.load(Ordering::Relaxed), 1);
    floor.commit(vec![changed(1, 2)]).await;
    floor.pass(Duration::from_secs(2)).await;
    let _third = floor.connect(detail(), None).await;
    assert_eq!(floor.log.snapshots.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn after_a_second_with_changes_a_snapshot_is_taken_anew() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    let first = async || floor.connect(TopicKey::ActiveSessions, None).await.read().len();
    assert_eq!(first().await, 1);
    floor.commit(vec![changed(1, 2), opened(2)]).await;
    assert_eq!(first().await, 3, "the one of a moment ago, and what came after it");
    floor.pass(Duration::from_secs(2)).await;
    assert_eq!(first().await, 1, "a new one");
}

#[tokio::test]
async fn a_snapshot_that_is_asked_for_has_what_was_committed_before() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    assert_eq!(floor.snapshot(TopicKey::ActiveSessions).await["offset"], 1);
    // Committed, and perhaps answered, but the hub has not got to it yet.
    floor.log.tell(floor.log.write(vec![opened(2)]));
    assert_eq!(floor.snapshot(TopicKey::ActiveSessions).await["offset"], 2);
    floor.log.tell(floor.log.write(vec![opened(3)]));
    assert_eq!(floor.connect(TopicKey::Stations, None).await.read()[0].data["offset"], 3, "nor does a stream deny it");
}

#[tokio::test]
async fn who_polls_shares_a_snapshot_and_causes_one_a_second_at_most() {
    let floor = Arc::new(Floor::with_past(StreamSettings::default(), vec![opened(1)]).await);
    let taken = || floor.log.snapshots.load(Ordering::Relaxed);
    for _ in 0..20 {
        drop(floor.snapshot(detail()).await);
    }
    floor.commit(vec![unseen()]).await;
    assert_eq!(floor.snapshot(detail()).await["position"], "e1.2", "nothing that concerns it");
    assert_eq!(taken(), 1);
    for version in 2..=4 {
        floor.commit(vec![changed(1, version)]).await;
        let asking = |_| {
            let floor = floor.clone();
            tokio::spawn(async move { floor.snapshot(detail()).await["session"]["version"].clone() })
        };
        let waiting: Vec<_> = (0..20).map(asking).collect();
        tokio::task::yield_now().await;
        floor.pass(Duration::from_secs(1)).await;
        for one in waiting {
            assert_eq!(one.await.expect("answers"), version);
        }
        assert_eq!(taken(), version as usize);
    }
}

#[tokio::test]
async fn many_who_wait_for_the_same_snapshot_get_the_same() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    floor.log.answers.send_replace(false);
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let hub = floor.hub.clone();
            tokio::spawn(async move { hub.respond(detail(), super::floor::asking(None)).await })
        })
        .collect();
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    floor.log.answers.send_replace(true);
    for one in waiting {
        assert_eq!(one.await.expect("answers").status(), 200);
    }
    assert_eq!(floor.log.snapshots.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_event_has_exactly_these_bytes() {
    let floor = Floor::new(StreamSettings::default()).await;
    let response = floor.hub.respond(TopicKey::ActiveSessions, super::floor::asking(Some("e1.0"))).await;
    floor.commit(vec![opened(1), closed(1, 2)]).await;
    floor.shutdown.cancel();
    for _ in 0..4 {
        tokio::task::yield_now().await;
    }
    // A goodbye goes before what is still to be told: the reader comes back for it.
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let text = std::str::from_utf8(&body).expect("text");
    assert!(text.starts_with("retry: "), "{text}");
    assert!(text.ends_with("\nevent: goodbye\ndata: {\"reason\":\"shutdown\"}\n\n"), "{text}");

    let floor = Floor::new(StreamSettings::default()).await;
    let mut data = floor
        .hub
        .respond(TopicKey::ActiveSessions, super::floor::asking(Some("e1.0")))
        .await
        .into_body()
        .into_data_stream();
    floor.commit(vec![opened(1), closed(1, 2)]).await;
    let mut chunks = Vec::new();
    for _ in 0..3 {
        let chunk = futures_util::StreamExt::next(&mut data).await.expect("a chunk").expect("no error");
        chunks.push(String::from_utf8(chunk.to_vec()).expect("text"));
    }
    let json = serde_json::to_string(&session(1, 1)).expect("JSON");
    assert!(chunks[0].starts_with("retry: ") && chunks[0].ends_with("\n"), "{}", chunks[0]);
    assert_eq!(chunks[1], format!("id: e1.1\nevent: insert\ndata: {{\"offset\":1,\"session\":{json}}}\n\n"));
    let id = session(1, 1).id;
    assert_eq!(
        chunks[2],
        format!("id: e1.2\nevent: delete\ndata: {{\"offset\":2,\"sessionId\":\"{id}\",\"reason\":\"completed\"}}\n\n")
    );
}

#[tokio::test]
async fn a_snapshot_is_the_data_of_initial_and_of_the_wire_type() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1), opened(2)]).await;
    let snapshot: ActiveSessionsInitial =
        serde_json::from_value(floor.snapshot(TopicKey::ActiveSessions).await).expect("the wire type");
    assert_eq!((snapshot.offset, snapshot.sessions.len(), snapshot.reason), (2, 2, None));
    assert_eq!(snapshot.position.to_string(), "e1.2");
    let told = floor.connect(TopicKey::ActiveSessions, None).await.read().remove(0).data;
    let told: ActiveSessionsInitial = serde_json::from_value(told).expect("the wire type");
    assert_eq!(told.sessions, snapshot.sessions);
    let none: KioskInitial =
        serde_json::from_value(floor.snapshot(TopicKey::Kiosk(kiosk(9))).await).expect("the wire type");
    assert_eq!((none.session, none.epoch), (None, None));
}

#[tokio::test]
async fn a_kiosk_hears_of_its_own_sessions_only() {
    let floor = Floor::new(StreamSettings::default()).await;
    let mut first = floor.connect(TopicKey::Kiosk(kiosk(1)), None).await;
    let mut second = floor.connect(TopicKey::Kiosk(kiosk(2)), None).await;
    assert_eq!(first.read()[0].data["session"], serde_json::Value::Null);
    second.read();
    floor.commit(vec![opened(1), Row::Claims { old: None, new: claimant(1, 1, 1) }]).await;
    assert!(first.read().is_empty(), "its own doing");
    // It connects again: a snapshot of a moment ago would deny its session.
    let again = floor.connect(TopicKey::Kiosk(kiosk(1)), None).await.read().remove(0).data;
    assert_eq!((again["epoch"].as_u64(), &again["session"]["version"]), (Some(1), &serde_json::json!(1)));

    // Another tab of the same kiosk, then another kiosk, then the end.
    floor.commit(vec![Row::Claims { old: Some(claimant(1, 1, 1)), new: claimant(1, 1, 2) }]).await;
    floor.commit(vec![Row::Claims { old: Some(claimant(1, 1, 2)), new: claimant(1, 2, 3) }]).await;
    let Row::Sessions { old, new, .. } = closed(1, 2) else { unreachable!("a session") };
    floor.commit(vec![Row::Sessions { old, new, owner: Some(kiosk(2)), closer: None }]).await;
    let told: Vec<_> = first.read().into_iter().map(|event| (event.name, event.data["epoch"].as_u64())).collect();
    let transferred = || "session_transferred".to_owned();
    assert_eq!(told, [(transferred(), Some(2)), (transferred(), Some(3))]);
    let closed = second.read();
    assert_eq!((closed.len(), closed[0].name.as_str()), (1, "session_closed"));
    assert_eq!(closed[0].data["at"], "1970-01-01T00:00:00.005Z");
}

#[tokio::test]
async fn a_kiosk_hears_what_the_server_changed_in_its_session_and_that_it_is_back() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1), opened(2)]).await;
    let mut own = floor.connect(TopicKey::Kiosk(kiosk(1)), None).await;
    own.read();
    let asked = millrace_protocol::session::Session {
        asked_at: Some(millrace_protocol::time::Timestamp::from_millis(7)),
        ..session(1, 2)
    };
    let old = Some(Box::new(session(1, 1)));
    let ask = Row::Sessions { old, new: Box::new(asked), owner: Some(kiosk(1)), closer: None };
    let Row::Sessions { new: ended, .. } = closed(1, 3) else { unreachable!("a session") };
    let back = Row::Sessions { old: Some(ended), new: Box::new(session(1, 4)), owner: Some(kiosk(1)), closer: None };
    floor.commit(vec![ask, changed(2, 2), closed(1, 3), back]).await;
    let told: Vec<_> = own.read().into_iter().map(|event| (event.name, event.data)).collect();
    let names: Vec<_> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["session_update", "session_closed", "session_update"]);
    assert_eq!(told[0].1["session"]["askedAt"], "1970-01-01T00:00:00.007Z");
    assert_eq!(
        (&told[2].1["session"]["status"], told[2].1["offset"].as_u64()),
        (&serde_json::json!("active"), Some(6))
    );
}

#[tokio::test]
async fn a_log_that_can_not_be_read_is_a_goodbye_to_a_stream_and_a_503_to_a_snapshot() {
    let floor = Floor::with_past(tight(), vec![opened(1)]).await;
    floor.log.broken.store(true, Ordering::Relaxed);
    let told = floor.connect(detail(), None).await.read();
    assert_eq!((told.len(), told[0].name.as_str(), &told[0].data["reason"]), (1, "goodbye", &"unavailable".into()));
    let ask = crate::stream::Ask::read(&http::HeaderMap::new(), &[("snapshot".into(), "1".into())]);
    let response = floor.hub.respond(detail(), ask).await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let problem: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(problem["code"], "UNAVAILABLE");
    assert!(!String::from_utf8_lossy(&body).contains("the test wants it"), "no inner text");
}
