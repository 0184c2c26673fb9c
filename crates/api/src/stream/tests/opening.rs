//! First connects: live before snapshot, one snapshot for many, exact bytes.

use super::client::Board;
use super::floor::{Floor, changed, claimant, closed, kiosk, opened, session, tight};
use crate::stream::{StreamSettings, TopicKey};
use axum::body::to_bytes;
use millrace_domain::change::Row;
use millrace_protocol::stream::{ActiveSessionsInitial, KioskInitial};
use std::sync::atomic::Ordering;
use std::time::Duration;

#[tokio::test]
async fn a_change_between_registering_and_the_snapshot_is_neither_lost_nor_told_twice() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    // The snapshot is read at 1; while it is on its way, a change is committed and published.
    floor.log.answers.send_replace(false);
    let hub = floor.hub.clone();
    let connecting =
        tokio::spawn(
            async move { hub.respond(TopicKey::ActiveSessions, super::floor::asking(None)).await.into_body() },
        );
    while floor.log.snapshots.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    floor.commit(vec![changed(1, 2), opened(2)]).await;
    floor.log.answers.send_replace(true);
    let mut client = super::client::Client::new(connecting.await.expect("connects"));
    let events = client.read();
    let told: Vec<_> = events.iter().map(|event| (event.name.as_str(), event.data["offset"].as_u64())).collect();
    assert_eq!(told, [("initial", Some(1)), ("update", Some(2)), ("insert", Some(3))]);
}

#[tokio::test]
async fn a_snapshot_ahead_of_the_hub_is_not_followed_by_what_it_contains() {
    let floor = Floor::new(StreamSettings::default()).await;
    let batch = floor.log.write(vec![opened(1), opened(2)]);
    let mut client = floor.connect(TopicKey::ActiveSessions, None).await;
    let mut board = Board::default();
    board.hear(client.read());
    floor.log.tell(batch);
    floor.commit(vec![opened(3)]).await;
    let events = client.read();
    assert_eq!(events.len(), 1, "only what is new: {events:?}");
    board.hear(events);
    assert_eq!(board.sessions, floor.log.open_sessions());
    // A cursor from such a snapshot is this log's, even before the hub got there.
    let batch = floor.log.write(vec![opened(4)]);
    let mut early = floor.connect(TopicKey::ActiveSessions, Some("e1.4")).await;
    let told: Vec<_> = early.read().into_iter().map(|event| event.name).collect();
    assert_eq!(told, ["heartbeat"], "resumed, with nothing to tell but that it lives");
    floor.log.tell(batch);
}

#[tokio::test]
async fn a_thousand_boards_that_come_at_once_share_one_snapshot() {
    let floor = Floor::with_past(StreamSettings::default(), (1..50).map(opened).collect()).await;
    let mut clients = Vec::new();
    for number in 0..1_000 {
        if number % 100 == 0 {
            floor.commit(vec![changed(1, 2 + number / 100)]).await;
        }
        clients.push(floor.connect(TopicKey::ActiveSessions, None).await);
    }
    assert!(floor.log.snapshots.load(Ordering::Relaxed) <= 2, "at most one a second");
    for client in &mut clients {
        let mut board = Board::default();
        board.hear(client.read());
        assert_eq!(board.sessions, floor.log.open_sessions());
    }
    // On a quiet floor a snapshot holds as long as nothing happens.
    floor.pass(Duration::from_secs(5)).await;
    floor.connect(TopicKey::ActiveSessions, None).await;
    let taken = floor.log.snapshots.load(Ordering::Relaxed);
    floor.pass(Duration::from_secs(60)).await;
    floor.connect(TopicKey::ActiveSessions, None).await;
    assert_eq!(floor.log.snapshots.load(Ordering::Relaxed), taken);
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
    assert_eq!(floor.log.snapshots.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_snapshot_that_is_asked_for_has_what_was_committed_before() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    assert_eq!(floor.snapshot(TopicKey::ActiveSessions).await["offset"], 1);
    // Committed, but the hub has not heard of it yet.
    let batch = floor.log.write(vec![opened(2)]);
    assert_eq!(floor.snapshot(TopicKey::ActiveSessions).await["offset"], 2);
    floor.log.tell(batch);
}

#[tokio::test]
async fn many_who_wait_for_the_same_snapshot_get_the_same() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    floor.log.answers.send_replace(false);
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let hub = floor.hub.clone();
            tokio::spawn(async move { hub.respond(TopicKey::ActiveSessions, super::floor::asking(None)).await })
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
    floor.commit(vec![Row::Sessions { old, new, owner: Some(kiosk(2)) }]).await;
    let told: Vec<_> = first.read().into_iter().map(|event| (event.name, event.data["epoch"].as_u64())).collect();
    let transferred = || "session_transferred".to_owned();
    assert_eq!(told, [(transferred(), Some(2)), (transferred(), Some(3))]);
    let closed = second.read();
    assert_eq!((closed.len(), closed[0].name.as_str()), (1, "session_closed"));
    assert_eq!(closed[0].data["at"], "1970-01-01T00:00:00.005Z");
}

#[tokio::test]
async fn a_log_that_can_not_be_read_is_a_503_before_the_first_byte() {
    let floor = Floor::new(tight()).await;
    floor.log.broken.store(true, Ordering::Relaxed);
    let response = floor.hub.respond(TopicKey::ActiveSessions, super::floor::asking(None)).await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let problem: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(problem["code"], "UNAVAILABLE");
    assert!(!String::from_utf8_lossy(&body).contains("the test wants it"), "no inner text");
}
