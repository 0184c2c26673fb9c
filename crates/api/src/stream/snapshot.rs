//! A topic's newest snapshot, shared by all who connect: a thousand boards that come at once cost one query.

use super::distributor::Distributor;
use super::topic::Topic;
use super::view::{Shown, Taken};
use bytes::Bytes;
use millrace_domain::storage::Result;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a snapshot is given to others although something has happened since, and how long no other is taken.
const FRESH: Duration = Duration::from_secs(1);

/// A snapshot as bytes.
#[derive(Debug)]
pub(super) struct Built {
    /// The last offset it contains.
    pub(super) offset: u64,
    /// What follows the head of `initial`, its closing brace and the blank line included.
    rest: Bytes,
    at: Duration,
}

impl Built {
    fn new(taken: Taken, at: Duration) -> Self {
        Self { offset: taken.offset, rest: taken.rest, at }
    }

    /// Whether it is as true at a later offset, or holds that itself.
    fn holds(&self, topic: &Topic, upto: u64) -> bool {
        self.offset >= upto || topic.covers(self.offset) && topic.quiet_since(self.offset)
    }

    /// What follows the head, as the end of an event.
    pub(super) fn rest(&self) -> Bytes {
        self.rest.clone()
    }

    /// A whole JSON object with this head.
    pub(super) fn json(&self, head: &str) -> Bytes {
        [head.as_bytes(), self.rest.trim_ascii_end()].concat().into()
    }
}

/// Where a topic keeps its newest snapshot.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    kept: Mutex<Option<Arc<Built>>>,
}

impl Shelf {
    /// The newest snapshot that still holds, or a new one; who comes while it is being taken waits for it.
    /// For readers who get what happened since from the ring.
    pub(super) async fn get(&self, topic: &Topic, hub: &Distributor) -> Result<Arc<Built>> {
        let now = hub.clock.monotonic();
        if !topic.shown.complete() {
            return self.build(topic, hub, now).await;
        }
        let mut kept = self.kept.lock().await;
        if let Some(built) = &*kept {
            let fresh = now.saturating_sub(built.at) < FRESH || topic.quiet_since(built.offset);
            if fresh && topic.covers(built.offset) {
                return Ok(built.clone());
            }
        }
        let built = self.build(topic, hub, now).await?;
        *kept = Some(built.clone());
        Ok(built)
    }

    /// One that contains this offset at least: the newest that is kept, or else a new one.
    pub(super) async fn get_at(&self, topic: &Topic, hub: &Distributor, offset: u64) -> Result<Arc<Built>> {
        let mut kept = self.kept.lock().await;
        let own = !topic.shown.complete();
        if let Some(built) = kept.as_ref().filter(|built| !own && built.offset >= offset && topic.covers(built.offset))
        {
            return Ok(built.clone());
        }
        let built = self.build(topic, hub, hub.clock.monotonic()).await?;
        *kept = Some(built.clone());
        Ok(built)
    }

    /// One with everything up to this offset, which is published: for those who get nothing else. The newest that is
    /// kept, if nothing has happened since. Otherwise a new one, but one a second at most: who comes earlier waits, and
    /// who comes meanwhile shares it, so that thousands who poll cost no more than one.
    pub(super) async fn get_now(&self, topic: &Topic, hub: &Distributor, upto: u64) -> Result<Arc<Built>> {
        if !topic.shown.complete() {
            return self.build(topic, hub, hub.clock.monotonic()).await;
        }
        loop {
            let mut kept = self.kept.lock().await;
            let now = hub.clock.monotonic();
            let early = match &*kept {
                Some(built) if built.holds(topic, upto) => return Ok(built.clone()),
                Some(built) => FRESH.saturating_sub(now.saturating_sub(built.at)),
                None => Duration::ZERO,
            };
            if early.is_zero() {
                let built = self.build(topic, hub, now).await?;
                *kept = Some(built.clone());
                return Ok(built);
            }
            // Not under the lock: who begins a stream does not wait.
            drop(kept);
            hub.clock.sleep(early).await;
        }
    }

    async fn build(&self, topic: &Topic, hub: &Distributor, now: Duration) -> Result<Arc<Built>> {
        let taken = match &topic.shown {
            Shown::Rows(view) => view.snapshot(hub).await?,
            Shown::Picture(drawn) => hub.pictured(|picture| drawn.taken(picture)).await,
            Shown::Whole(pipeline) => hub.drawn(*pipeline).await,
        };
        Ok(Arc::new(Built::new(taken, now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::frame;

    #[test]
    fn head_and_rest_make_one_object() {
        let head = frame::initial_head(
            &"e1.3".parse().expect("a cursor"),
            None,
            millrace_protocol::time::Timestamp::from_millis(0),
        );
        for (members, wanted) in [(serde_json::json!({}), 4), (serde_json::json!({"a": [{}], "b": 2}), 6)] {
            let built = Built::new(Taken::new(3, &members), Duration::ZERO);
            let json: serde_json::Value = serde_json::from_slice(&built.json(&head)).expect("JSON");
            assert_eq!(json.as_object().expect("an object").len(), wanted);
        }
    }
}
