//! Pipelines: drawn once for all, told no more often than is of use, and never ahead of what is still to be drawn.

use super::client::{Client, Received};
use super::floor::{Floor, changed, closed, counted, opened, tight, unseen};
use crate::stream::{Pipeline, StreamSettings, TopicKey, Wanted};
use millrace_protocol::{JobId, WorkerId};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

fn worker(n: u8) -> WorkerId {
    WorkerId(Uuid::from_bytes([n; 16]))
}

fn all(n: u8) -> TopicKey {
    TopicKey::Pipeline(Pipeline { worker: worker(n), job: None })
}

fn of_job(n: u8, job: u8) -> TopicKey {
    TopicKey::Pipeline(Pipeline { worker: worker(n), job: Some(JobId(Uuid::from_bytes([job; 16]))) })
}

fn named(events: &[Received]) -> Vec<(&str, u64)> {
    events.iter().map(|event| (event.name.as_str(), event.data["offset"].as_u64().expect("an offset"))).collect()
}

fn occupied(event: &Received) -> usize {
    let options = event.data["stationOptions"].as_array().expect("options");
    options.iter().filter(|option| !option["occupancy"].is_null()).count()
}

#[tokio::test]
async fn workers_who_see_the_same_share_one_drawing() {
    let floor = Floor::new(StreamSettings::default()).await;
    let mut clients = Vec::new();
    for n in 1..=20 {
        clients.push(floor.connect(all(n), None).await);
        clients.push(floor.connect(of_job(n, 1), None).await);
    }
    for client in &mut clients {
        assert_eq!(named(&client.read()), [("initial", 0)]);
    }
    assert_eq!(floor.hub.0.drawings_made(), 2, "one of everything, one of the job");
    floor.commit(vec![opened(1)]).await;
    for client in &mut clients {
        let told = client.read();
        assert_eq!((named(&told), occupied(&told[0])), (vec![("update", 1)], 1));
    }
    assert_eq!(floor.hub.0.drawings_made(), 4);
    floor.commit(vec![changed(1, 2), unseen()]).await;
    assert_eq!(floor.hub.0.drawings_made(), 4, "what is not shown is not drawn");
}

#[tokio::test]
async fn what_moves_quickly_is_told_at_once_and_then_after_a_pause() {
    let settings = StreamSettings { pause: Duration::from_secs(10), ..StreamSettings::default() };
    let floor = Floor::new(settings).await;
    let mut client = floor.connect(all(1), None).await;
    client.read();
    floor.commit(vec![opened(1)]).await;
    assert_eq!(named(&client.read()), [("update", 1)], "the first at once");
    for n in 2..=6 {
        floor.commit(vec![opened(n), unseen()]).await;
    }
    floor.pass(Duration::from_secs(8)).await;
    assert_eq!(named(&client.read()), [], "not yet");
    floor.pass(Duration::from_secs(2)).await;
    let told = client.read();
    assert_eq!((named(&told), occupied(&told[0])), (vec![("update", 11)], 6));
    assert_eq!(told[0].id.as_deref(), Some("e1.11"));
    floor.pass(Duration::from_secs(1)).await;
    assert_eq!(named(&client.read()), []);
}

#[tokio::test]
async fn nobody_is_told_a_position_that_is_beyond_what_is_still_to_be_drawn() {
    let settings = StreamSettings { pause: Duration::from_secs(60), ..StreamSettings::default() };
    let floor = Floor::new(settings).await;
    let wanted = || {
        let name = |key: TopicKey| Wanted { name: Some(key.kind().to_owned()), key };
        vec![name(TopicKey::ActiveSessions), name(all(1))]
    };
    let connect = async |cursor: Option<&str>| {
        Client::new(floor.hub.respond_all(wanted(), super::floor::asking(cursor)).await.into_body())
    };
    let (mut alone, mut screen) = (floor.connect(all(1), None).await, connect(None).await);
    alone.read();
    screen.read();
    floor.commit(vec![opened(1)]).await;
    assert_eq!(named(&alone.read()), [("update", 1)]);
    assert_eq!(named(&screen.read()), [("insert", 1), ("update", 1)]);
    // Drawn at 1; what comes now waits for a minute, and beats say so.
    floor.commit(vec![changed(1, 2), opened(2), changed(2, 2)]).await;
    floor.pass(Duration::from_secs(18)).await;
    let beat = alone.read();
    assert_eq!((named(&beat), beat[0].id.as_deref()), (vec![("heartbeat", 2)], Some("e1.2")));
    let told = screen.read();
    assert_eq!(named(&told), [("heartbeat", 1), ("update", 2)], "the board's next is on the other side of it");
    // Who comes back with that cursor misses nothing.
    let mut again = connect(Some("e1.2")).await;
    again.read();
    floor.pass(Duration::from_secs(43)).await;
    let told: Vec<_> = again.read().into_iter().filter(|event| event.name != "heartbeat").collect();
    assert_eq!(named(&told), [("insert", 3), ("update", 4), ("update", 4)]);
    assert_eq!(occupied(&told[2]), 2);
    let told: Vec<_> = alone.read().into_iter().filter(|event| event.name != "heartbeat").collect();
    assert_eq!((named(&told), occupied(&told[0])), (vec![("update", 4)], 2));
}

#[tokio::test]
async fn items_are_told_where_they_moved_and_to_whoever_lacks_them() {
    let floor = Floor::new(tight()).await;
    let (mut quick, mut slow) = (floor.connect(of_job(1, 1), None).await, floor.connect(of_job(1, 1), None).await);
    quick.read();
    slow.read();
    let good = |event: &Received| event.data["jobItems"][0]["completedGood"].clone();
    floor.commit(vec![counted(1, 1)]).await;
    let told = quick.read();
    assert_eq!((named(&told), good(&told[0])), (vec![("update", 1)], json!(1)));
    for round in 0..20 {
        floor.pass(Duration::from_secs(1)).await;
        floor.commit(vec![if round % 2 == 0 { opened(1) } else { closed(1, 2) }]).await;
        let told: Vec<_> = quick.read().into_iter().filter(|event| event.name == "update").collect();
        assert_eq!((told.len(), good(&told[0])), (1, Value::Null), "only who is there has changed");
    }
    // The ring of another stream would have lost it long ago; one event brings it up to date.
    let told: Vec<_> = slow.read().into_iter().filter(|event| event.name != "heartbeat").collect();
    assert_eq!((named(&told), good(&told[0])), (vec![("update", 21)], json!(1)));
    // Another job's count is none of theirs; to who looks at everything it is.
    let mut everything = floor.connect(all(2), None).await;
    everything.read();
    floor.pass(Duration::from_secs(1)).await;
    floor.commit(vec![counted(2, 1)]).await;
    assert_eq!(named(&quick.read()).iter().filter(|(name, _)| *name == "update").count(), 0);
    let told = everything.read();
    assert_eq!(told[0].data["jobItems"][1]["completedGood"], 1);
}
