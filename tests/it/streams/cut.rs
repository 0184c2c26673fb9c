//! A recorded stream, cut at every byte: who reads on from there ends with the same state.

use super::{Hand, Seen, job};
use millrace_kiosk::stream::parser::{Parsed, Parser};
use millrace_tests::call::Caller;
use millrace_tests::events::{Event, Events};
use millrace_tests::server::TestServer;
use serde_json::json;
use std::collections::HashMap;

/// What comes of these bytes, with the cursor that a reader has after them.
fn hear(seen: &mut Seen, bytes: &[u8]) {
    let mut out = Vec::new();
    let mut parser = Parser::default();
    parser.push(bytes, &mut out);
    let mut last = String::new();
    for event in out {
        let Parsed::Event(event) = event else { continue };
        let id = (event.last_id != last).then(|| event.last_id.clone());
        last.clone_from(&event.last_id);
        let data = serde_json::from_str(&event.data).expect("JSON");
        seen.hear(&Event { name: event.name, id, data });
    }
}

#[tokio::test]
async fn cut_at_every_byte_it_ends_with_the_same_state() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let path = "/api/stream?topic=active-sessions&topic=notifications&topic=reports&topic=job-progress";
    let mut recording = Events::open(&admin, path).await;
    let mut board = Events::open(&admin, "/api/admin/dashboard/active-sessions/stream").await;
    let mut hand = Hand::at(&server, 1).await;
    let made = job(&admin, "C-1", &[&hand.station]).await;
    drop(hand.open().await.ok());
    drop(hand.produce(&made["items"][0]).await.ok());
    drop(hand.count(2, 1).await.ok());
    drop(hand.enter("malfunction", json!({"quantities": {"good": 1}})).await.ok());
    drop(hand.end().await.ok());
    let offset = board.wait_for("delete").await.data["offset"].as_u64().unwrap();
    let truth = Seen::of(&admin.get(&super::snapshot_of(path)).await.ok());
    let bytes = recording.raw_until(offset).await;
    let mut whole = Seen::default();
    hear(&mut whole, &bytes);
    assert_eq!(whole.rows, truth.rows);

    let mut rests: HashMap<Option<String>, Vec<u8>> = HashMap::new();
    for cut in 0..bytes.len() {
        let mut seen = Seen::default();
        hear(&mut seen, &bytes[..cut]);
        let cursor = seen.cursor.clone();
        if !rests.contains_key(&cursor) {
            let mut again = Events::resume(&admin, path, cursor.as_deref()).await.expect("answers");
            let at = cursor.as_ref().and_then(|cursor| cursor.rsplit('.').next()?.parse::<u64>().ok());
            let done = at >= Some(offset);
            let rest = if done { Vec::new() } else { again.raw_until(offset).await };
            rests.insert(cursor.clone(), rest);
        }
        hear(&mut seen, &rests[&cursor]);
        assert_eq!(seen.rows, truth.rows, "cut at byte {cut}, resumed from {cursor:?}");
    }
    assert!(rests.len() > 5, "several cursors were tried");
}
