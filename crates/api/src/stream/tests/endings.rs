//! Heartbeats, and every way a stream ends.

use super::client::Board;
use super::floor::{Floor, changed, opened, unseen};
use crate::stream::{StreamSettings, TopicKey};
use millrace_domain::change::{Holder, Row};
use serde_json::{Value, json};
use std::time::Duration;

const BOARD: TopicKey = TopicKey::ActiveSessions;

fn reasons(client: &mut super::client::Client) -> Vec<Value> {
    let events = client.read();
    events.into_iter().filter(|event| event.name == "goodbye").map(|event| event.data["reason"].clone()).collect()
}

#[tokio::test]
async fn a_quiet_stream_beats_and_its_position_moves_with_the_log() {
    let floor = Floor::new(StreamSettings::default()).await;
    floor.commit(vec![opened(1)]).await;
    let (mut client, mut board) = (floor.connect(BOARD, None).await, Board::default());
    board.hear(client.read());
    floor.commit(vec![unseen(), unseen()]).await;
    floor.pass(Duration::from_secs(11)).await;
    assert!(client.read().is_empty(), "too early");
    floor.pass(Duration::from_secs(7)).await;
    let beat = client.read();
    assert_eq!((beat.len(), beat[0].name.as_str()), (1, "heartbeat"));
    assert_eq!(beat[0].id.as_deref(), Some("e1.3"));
    assert_eq!(beat[0].data["position"], "e1.3");
    assert!(beat[0].data["serverTime"].is_string());
    board.hear(beat);
    floor.pass(Duration::from_secs(11)).await;
    assert!(client.read().is_empty());
    floor.pass(Duration::from_secs(7)).await;
    assert_eq!(client.read().len(), 1);
}

#[tokio::test]
async fn a_heartbeat_is_never_ahead_of_what_is_still_to_be_sent() {
    let floor = Floor::new(StreamSettings::default()).await;
    let mut client = floor.connect(BOARD, None).await;
    client.read();
    floor.commit(vec![opened(1), changed(1, 2), changed(1, 3)]).await;
    // One event is taken, then the beat falls due while two wait.
    assert_eq!(client.read_some(1)[0].id.as_deref(), Some("e1.1"));
    floor.pass(Duration::from_secs(19)).await;
    let ids: Vec<_> = client.read().into_iter().map(|event| (event.name, event.id.expect("an id"))).collect();
    let told = |name: &str, id: &str| (name.to_owned(), id.to_owned());
    assert_eq!(ids, [told("heartbeat", "e1.1"), told("update", "e1.2"), told("update", "e1.3")]);
}

#[tokio::test]
async fn a_waiting_reader_is_woken_by_an_event_by_its_beat_and_by_the_shutdown() {
    let floor = Floor::new(StreamSettings::default()).await;
    let mut client = floor.connect(BOARD, None).await;
    client.read();
    let waiting = tokio::spawn(async move {
        let mut names = Vec::new();
        while !client.ended {
            names.extend(client.wait().await.into_iter().map(|event| event.name));
        }
        names
    });
    tokio::task::yield_now().await;
    floor.commit(vec![opened(1)]).await;
    floor.pass(Duration::from_secs(19)).await;
    floor.shutdown.cancel();
    assert_eq!(waiting.await.expect("ends"), ["insert", "heartbeat", "goodbye"]);
}

#[tokio::test]
async fn streams_rotate_between_ten_and_fifteen_minutes() {
    let floor = Floor::new(StreamSettings::default()).await;
    let mut clients = Vec::new();
    for _ in 0..50 {
        clients.push(floor.connect(BOARD, None).await);
    }
    floor.pass(Duration::from_secs(10 * 60 - 2)).await;
    assert!(clients.iter_mut().all(|client| reasons(client).is_empty()));
    floor.pass(Duration::from_secs(150)).await;
    let early = clients.iter_mut().filter_map(|client| reasons(client).pop()).count();
    assert!((1..50).contains(&early), "{early} of 50 by half time");
    floor.pass(Duration::from_secs(155)).await;
    let late: Vec<_> = clients.iter_mut().flat_map(reasons).collect();
    assert_eq!(late, vec![json!("rotate"); 50 - early]);
    assert!(clients.iter().all(|client| client.ended));
}

#[tokio::test]
async fn a_stream_ends_with_its_login_and_with_every_right_it_hangs_on() {
    let floor = Floor::new(StreamSettings::default()).await;
    let user = Holder::User(millrace_protocol::UserId(uuid::Uuid::from_bytes([1; 16])));
    let mut first = floor.connect_under(BOARD, None, vec![Holder::Login(1), user], None).await;
    let mut second = floor.connect_under(BOARD, None, vec![Holder::Login(2), user], None).await;
    let mut other = floor.connect_under(BOARD, None, vec![Holder::Login(3)], None).await;
    for client in [&mut first, &mut second, &mut other] {
        client.read();
    }
    // What is committed together with the end of a right is not told any more.
    floor.commit(vec![opened(1), Row::Rights { holder: Holder::Login(1) }]).await;
    let told = first.read();
    assert_eq!((told.len(), &told[0].data["reason"]), (1, &json!("revoked")));
    assert!(first.ended);
    assert_eq!(second.read().len(), 1);
    floor.commit(vec![Row::Rights { holder: user }]).await;
    assert_eq!(reasons(&mut second), [json!("revoked")]);
    assert_eq!(reasons(&mut other), Vec::<Value>::new());
    assert!(!other.ended);
}

#[tokio::test]
async fn a_right_that_ended_while_the_request_was_on_its_way_opens_nothing() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    floor.commit(vec![Row::Rights { holder: Holder::Login(1) }]).await;
    let events = floor.connect_under(BOARD, None, vec![Holder::Login(1)], None).await.read();
    assert_eq!((events.len(), &events[0].data["reason"]), (1, &json!("revoked")));
}

#[tokio::test]
async fn a_stream_ends_when_its_login_expires() {
    let floor = Floor::new(StreamSettings::default()).await;
    let mut client = floor.connect_under(BOARD, None, vec![], Some(floor.now().plus_millis(60_000))).await;
    floor.pass(Duration::from_secs(58)).await;
    assert!(reasons(&mut client).is_empty());
    floor.pass(Duration::from_secs(3)).await;
    assert_eq!(reasons(&mut client), [json!("revoked")]);
}

#[tokio::test]
async fn too_many_streams_are_answered_with_a_goodbye_not_with_an_error() {
    let floor = Floor::new(StreamSettings { most_per_holder: 1, ..StreamSettings::default() }).await;
    let holder = vec![Holder::Login(1)];
    let mut first = floor.connect_under(BOARD, None, holder.clone(), None).await;
    let mut second = floor.connect_under(BOARD, None, holder.clone(), None).await;
    assert_eq!(reasons(&mut second), [json!("busy")]);
    assert_eq!(first.read().len(), 1);
    drop(first);
    let mut third = floor.connect_under(BOARD, None, holder, None).await;
    assert_eq!(third.read()[0].name, "initial");
}

#[tokio::test]
async fn after_the_shutdown_a_stream_is_only_a_goodbye() {
    let floor = Floor::new(StreamSettings::default()).await;
    let mut before = floor.connect(BOARD, None).await;
    before.read();
    floor.shutdown.cancel();
    floor.pass(Duration::ZERO).await;
    assert_eq!(reasons(&mut before), [json!("shutdown")]);
    assert_eq!(reasons(&mut floor.connect(BOARD, None).await), [json!("shutdown")]);
}

#[tokio::test]
async fn topics_that_nobody_reads_are_let_go_and_come_back_with_their_past() {
    let floor = Floor::new(StreamSettings::default()).await;
    let key = TopicKey::Kiosk(super::floor::kiosk(1));
    let client = floor.connect(key.clone(), None).await;
    floor.pass(Duration::from_secs(2)).await;
    assert_eq!(floor.hub.0.topic_count(), TopicKey::STANDING.len() + 1);
    drop(client);
    floor.pass(Duration::from_secs(2)).await;
    assert_eq!(floor.hub.0.topic_count(), TopicKey::STANDING.len());
    floor.commit(vec![opened(1), super::floor::closed(1, 2)]).await;
    let events = floor.connect(key, Some("e1.0")).await.read();
    let told: Vec<_> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(told, ["session_closed", "heartbeat"]);
}
