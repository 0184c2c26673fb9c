//! Resuming: exactly what is missing, or a fresh start that says why.

use super::client::Board;
use super::floor::{Floor, changed, opened, tight, unseen};
use crate::stream::{StreamSettings, TopicKey};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use std::time::Duration;

const BOARD: TopicKey = TopicKey::ActiveSessions;

/// The reason of the fresh start that this cursor gets; none where it is resumed.
async fn fresh(floor: &Floor, cursor: &str) -> Option<Value> {
    let events = floor.connect(BOARD, Some(cursor)).await.read();
    events.first().filter(|event| event.name == "initial").map(|event| event.data["reason"].clone())
}

#[tokio::test]
async fn hostile_and_foreign_cursors_get_a_fresh_start() {
    let floor = Floor::with_past(StreamSettings::default(), vec![opened(1)]).await;
    for cursor in ["e2.1", "e1.2", "e1.18446744073709551615", "e1.01", "e1.", "1", "null", "e1.1\u{fffd}", "' OR 1=1"] {
        assert_eq!(fresh(&floor, cursor).await, Some(json!("epoch")), "{cursor}");
    }
    for cursor in ["e1.0", "e1.1"] {
        assert_eq!(fresh(&floor, cursor).await, None, "{cursor}");
    }
    assert_eq!(fresh(&floor, "").await, Some(Value::Null), "an empty id is none");
}

#[tokio::test]
async fn after_a_restart_readers_resume_without_a_query() {
    let rows = (0..20).map(|n| if n == 0 { opened(1) } else { changed(1, 1 + n) }).collect();
    let floor = Floor::with_past(StreamSettings::default(), rows).await;
    let pages = floor.log.pages.load(Ordering::Relaxed);
    for _ in 0..100 {
        let events = floor.connect(BOARD, Some("e1.15")).await.read();
        assert_eq!(events.iter().filter(|event| event.name == "update").count(), 5);
    }
    assert_eq!(floor.log.pages.load(Ordering::Relaxed), pages);
    assert_eq!(floor.log.snapshots.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn what_the_ring_has_lost_comes_from_the_log_and_what_the_log_has_lost_anew() {
    let floor = Floor::new(tight()).await;
    floor.commit(vec![opened(1)]).await;
    for version in 2..=10 {
        floor.commit(vec![changed(1, version), unseen()]).await;
    }
    // 19 changes; the ring has the last four updates, the log all, at most 12 are told singly.
    let events = floor.connect(BOARD, Some("e1.8")).await.read();
    let told: Vec<_> = events.iter().map(|event| (event.name.as_str(), event.data["offset"].as_u64())).collect();
    // The last says that this was all, up to what nobody is told.
    let all = [10, 12, 14, 16, 18].map(|offset| ("update", Some(offset)));
    assert_eq!(told, [&all[..], &[("heartbeat", Some(19))]].concat());
    assert_eq!(fresh(&floor, "e1.6").await, Some(json!("behind")));
    floor.log.trim(10);
    // What was read a moment ago is still known; what comes before it is not.
    assert_eq!(fresh(&floor, "e1.7").await, Some(json!("too_old")));
    assert_eq!(fresh(&floor, "e1.10").await, None);
}

#[tokio::test]
async fn a_slow_reader_gets_it_all_from_the_log_until_it_is_too_much() {
    let floor = Floor::new(tight()).await;
    floor.commit(vec![opened(1)]).await;
    let (mut slow, mut board) = (floor.connect(BOARD, None).await, Board::default());
    let (mut asleep, mut other) = (floor.connect(BOARD, None).await, Board::default());
    board.hear(slow.read());
    other.hear(asleep.read());
    for version in 2..=11 {
        floor.commit(vec![changed(1, version)]).await;
    }
    board.hear(slow.read());
    assert_eq!(board.sessions, floor.log.open_sessions());
    assert_eq!(board.goodbye, None);
    for version in 12..=15 {
        floor.commit(vec![changed(1, version)]).await;
    }
    other.hear(asleep.read());
    assert_eq!(other.goodbye, Some(json!("behind")));
    assert!(asleep.ended);
    let mut again = floor.connect(BOARD, other.cursor.as_deref()).await;
    other.hear(again.read());
    assert_eq!(other.initials, [Value::Null, json!("behind")]);
    assert_eq!(other.sessions, floor.log.open_sessions());
}

#[tokio::test]
async fn a_slow_reader_whose_past_was_trimmed_is_told_goodbye_not_a_gap() {
    let floor = Floor::new(tight()).await;
    floor.commit(vec![opened(1)]).await;
    let mut slow = floor.connect(BOARD, None).await;
    slow.read();
    for version in 2..=8 {
        floor.commit(vec![changed(1, version)]).await;
    }
    floor.log.trim(3);
    let events = slow.read();
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!((events[0].name.as_str(), &events[0].data["reason"]), ("goodbye", &json!("behind")));
}

#[tokio::test]
async fn a_hole_in_what_the_hub_is_told_is_read_from_the_log() {
    let floor = Floor::new(StreamSettings::default()).await;
    let (mut client, mut board) = (floor.connect(BOARD, None).await, Board::default());
    let _untold = floor.log.write((1..=7).map(opened).collect());
    let twice = floor.log.write(vec![opened(8)]);
    floor.log.tell(twice.clone());
    floor.log.tell(twice);
    floor.published().await;
    board.hear(client.read());
    assert_eq!(board.sessions, floor.log.open_sessions());
    assert_eq!(board.initials.len(), 1);
}

#[tokio::test]
async fn while_the_log_can_not_be_read_a_hole_waits() {
    let floor = Floor::new(StreamSettings::default()).await;
    let (mut client, mut board) = (floor.connect(BOARD, None).await, Board::default());
    board.hear(client.read());
    let _untold = floor.log.write(vec![opened(1)]);
    floor.log.broken.store(true, Ordering::Relaxed);
    floor.log.tell(floor.log.write(vec![opened(2)]));
    for _ in 0..5 {
        floor.pass(Duration::from_secs(1)).await;
        assert!(client.read().is_empty(), "nothing may overtake what is missing");
    }
    floor.log.broken.store(false, Ordering::Relaxed);
    while floor.hub.head() < 2 {
        floor.pass(Duration::from_secs(1)).await;
    }
    board.hear(client.read());
    assert_eq!(board.sessions, floor.log.open_sessions());
}

#[tokio::test]
async fn the_log_is_kept_bounded_by_the_hub_and_an_older_cursor_is_told() {
    let settings = StreamSettings { keep_rows: 1_200, replay_most: 3_000, ..tight() };
    let floor = Floor::with_past(settings, vec![opened(1)]).await;
    for version in 2..=1_800 {
        floor.log.tell(floor.log.write(vec![changed(1, version)]));
    }
    floor.published().await;
    tokio::spawn(floor.hub.clone().retain());
    floor.pass(Duration::from_secs(1)).await;
    assert_eq!(floor.log.floor(), 500, "one step at a time");
    for _ in 0..5 {
        floor.pass(Duration::from_secs(60)).await;
    }
    assert_eq!(floor.log.floor(), 600, "until no more than wanted is left");
    assert_eq!(fresh(&floor, "e1.599").await, Some(json!("too_old")));
    assert_eq!(fresh(&floor, "e1.600").await, None, "all that follows is there");
}

#[tokio::test]
async fn readers_who_lack_the_same_read_it_once() {
    let floor = Floor::new(StreamSettings { ring_frames: 4, page: 50, ..StreamSettings::default() }).await;
    floor.commit(vec![opened(1)]).await;
    for version in 2..=40 {
        floor.commit(vec![changed(1, version)]).await;
    }
    for from in 1..=30 {
        let events = floor.connect(BOARD, Some(&format!("e1.{from}"))).await.read();
        assert_eq!(events.iter().filter(|event| event.name == "update").count(), 40 - from);
    }
    assert_eq!(floor.log.pages.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn after_a_cut_whatever_stands_always_comes_from_memory() {
    let floor = Floor::new(StreamSettings { trail: 2, ..StreamSettings::default() }).await;
    for n in 1..=9 {
        floor.commit(vec![opened(n), super::floor::counted(1, n.into())]).await;
    }
    for key in TopicKey::STANDING {
        let events = floor.connect(key.clone(), Some("e1.3")).await.read();
        assert_ne!(events[0].name, "initial", "{key:?}");
    }
    assert_eq!(floor.log.pages.load(Ordering::Relaxed), 0);
    assert_eq!(floor.log.snapshots.load(Ordering::Relaxed), 0);
}
