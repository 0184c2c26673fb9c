//! How a stream begins.

use super::answer;
use super::ask::{Ask, From};
use super::capacity::{Place, Right};
use super::distributor::Distributor;
use super::frame;
use super::page::{self, Page};
use super::reader::Reader;
use super::topic::Topic;
use super::view::TopicKey;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use millrace_domain::storage::Result;
use millrace_protocol::stream::{GoodbyeReason, InitialReason};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Between which milliseconds a reader is asked to come back.
pub(super) const RETRY: (u64, u64) = (1_000, 3_000);

/// Where a reader begins.
enum Start {
    /// The ring has everything after this offset.
    Ring(u64),
    /// The log has these; the rest is in the ring, or again in the log.
    Log { bytes: Bytes, upto: u64 },
    /// With everything anew.
    Fresh(Option<InitialReason>),
}

impl Distributor {
    /// See [`super::Hub::respond`].
    pub(super) async fn respond(self: &Arc<Self>, key: TopicKey, ask: Ask) -> Response {
        let answer =
            if ask.snapshot { self.snapshot(key).await.map(answer::json) } else { self.stream(key, ask).await };
        answer.unwrap_or_else(|error| answer::unavailable(&error))
    }

    async fn snapshot(&self, key: TopicKey) -> Result<Bytes> {
        let topic = self.topic(key);
        let built = topic.shelf.get_now(&topic, &*self.log, self.clock.monotonic()).await?;
        self.know(built.offset);
        Ok(built.json(&frame::initial_head(&self.cursor(built.offset), None, self.clock.now())))
    }

    async fn stream(self: &Arc<Self>, key: TopicKey, ask: Ask) -> Result<Response> {
        let right = Arc::new(Right::new(ask.holders.clone()));
        let body = match self.capacity.take(&right) {
            _ if self.is_closing() => self.only_goodbye(GoodbyeReason::Shutdown),
            None => self.only_goodbye(GoodbyeReason::Busy),
            Some(place) => Body::new(self.reader(key, ask, place).await?),
        };
        Ok(answer::events(body))
    }

    fn only_goodbye(&self, reason: GoodbyeReason) -> Body {
        Body::from(frame::goodbye(reason, self.jitter.millis(RETRY.0, RETRY.1)))
    }

    pub(super) async fn reader(self: &Arc<Self>, key: TopicKey, ask: Ask, place: Place) -> Result<Reader> {
        let topic = self.topic(key);
        // Live first. From here on events are kept for this reader or known to be lost; only then is looked back.
        let seat = topic.sit(place.right().clone());
        // Its right may have ended after it was checked and before it sat down.
        if self.ended_lately(&ask.holders) {
            place.right().end();
            return Ok(Reader::new(self.clone(), seat, place, self.head(), Vec::new(), None));
        }
        let mut ahead = vec![frame::retry(self.jitter.millis(RETRY.0, RETRY.1))];
        let position = match self.start(&topic, &ask.from).await? {
            Start::Ring(position) => position,
            Start::Log { bytes, upto } => {
                ahead.push(bytes);
                upto
            }
            Start::Fresh(reason) => {
                let built = topic.shelf.get(&topic, &*self.log, self.clock.monotonic()).await?;
                self.know(built.offset);
                ahead.push(frame::initial(&self.cursor(built.offset), reason, self.clock.now()));
                ahead.push(built.rest());
                built.offset
            }
        };
        Ok(Reader::new(self.clone(), seat, place, position, ahead, ask.expires_at))
    }

    async fn start(self: &Arc<Self>, topic: &Arc<Topic>, from: &From) -> Result<Start> {
        let cursor = match from {
            From::Start => return Ok(Start::Fresh(None)),
            From::Nonsense => return Ok(Start::Fresh(Some(InitialReason::Epoch))),
            From::Cursor(cursor) => cursor,
        };
        if cursor.epoch != self.epoch || !self.has_reached(cursor.offset).await? {
            return Ok(Start::Fresh(Some(InitialReason::Epoch)));
        }
        if topic.covers(cursor.offset) {
            return Ok(Start::Ring(cursor.offset));
        }
        if cursor.offset < self.floor.load(Ordering::Acquire) {
            return Ok(Start::Fresh(Some(InitialReason::TooOld)));
        }
        if self.head().saturating_sub(cursor.offset) > self.settings.replay_most {
            return Ok(Start::Fresh(Some(InitialReason::Behind)));
        }
        Ok(match page::read(self.clone(), topic.clone(), cursor.offset).await? {
            Page::Read { bytes, upto, .. } => Start::Log { bytes, upto },
            Page::Hole => Start::Fresh(Some(InitialReason::TooOld)),
        })
    }

    /// Whether the log has come this far. Another node may have been ahead of this one, so the log itself is asked.
    async fn has_reached(&self, offset: u64) -> Result<bool> {
        if offset <= self.know(0) {
            return Ok(true);
        }
        let position = self.log.position().await?;
        Ok(offset <= self.know(position.offset))
    }
}
