//! A recorded stream, cut at every byte: who reads on from there ends with the same state.

use super::{Hand, Seen, job};
use millrace_kiosk::stream::parser::{Parsed, Parser};
use millrace_tests::call::Caller;
use millrace_tests::events::{Event, Events};
use millrace_tests::server::TestServer;
use serde_json::json;
use std::collections::HashMap;

/// A reader that takes bytes as they come.
#[derive(Default)]
struct Reader {
    parser: Parser,
    last: String,
    seen: Seen,
}

impl Reader {
    /// Takes bytes; says whether they completed an event.
    fn take(&mut self, bytes: &[u8]) -> bool {
        let mut out = Vec::new();
        self.parser.push(bytes, &mut out);
        let before = out.len();
        for parsed in out {
            let Parsed::Event(event) = parsed else { continue };
            let id = (event.last_id != self.last).then(|| event.last_id.clone());
            self.last.clone_from(&event.last_id);
            let data = serde_json::from_str(&event.data).expect("JSON");
            self.seen.hear(&Event { name: event.name, id, data });
        }
        before > 0
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
    let mut whole = Reader::default();
    whole.take(&bytes);
    assert_eq!(whole.seen.rows, truth.rows);

    // What follows depends on the cursor alone, and what a reader has changes with whole events only: each is looked at
    // once, and the bytes between are cut all the same, since a new connection begins with a new parser.
    let mut rests: HashMap<Option<String>, Vec<u8>> = HashMap::new();
    let mut reader = Reader::default();
    let mut changed = true;
    for (cut, byte) in bytes.iter().enumerate() {
        if changed {
            let cursor = reader.seen.cursor.clone();
            if !rests.contains_key(&cursor) {
                let at = cursor.as_ref().and_then(|cursor| cursor.rsplit('.').next()?.parse::<u64>().ok());
                let mut again = Events::resume(&admin, path, cursor.as_deref()).await.expect("answers");
                let rest = if at >= Some(offset) { Vec::new() } else { again.raw_until(offset).await };
                rests.insert(cursor.clone(), rest);
            }
            let mut resumed = Reader { seen: reader.seen.clone(), ..Reader::default() };
            resumed.seen.reconnected();
            resumed.take(&rests[&cursor]);
            assert_eq!(resumed.seen.rows, truth.rows, "cut at byte {cut}, resumed from {cursor:?}");
        }
        changed = reader.take(std::slice::from_ref(byte));
    }
    assert!(rests.len() > 5, "several cursors were tried");
}
