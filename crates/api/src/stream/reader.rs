//! One connection's reader: an offset, a seat at its topic, and the bytes it is about to send.
//!
//! It is the body of the response and runs when the connection can take more: a slow connection takes less, and
//! slows nobody.

use super::capacity::Place;
use super::distributor::Distributor;
use super::frame;
use super::opening::RETRY;
use super::page::{self, Page};
use super::ring::Next;
use super::topic::Seated;
use bytes::Bytes;
use http_body::{Body, Frame};
use millrace_domain::storage::Result;
use millrace_protocol::stream::GoodbyeReason;
use millrace_protocol::time::Timestamp;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

type Reading = Pin<Box<dyn Future<Output = Result<Page>> + Send>>;

/// A stream's body.
pub(super) struct Reader {
    hub: Arc<Distributor>,
    seat: Seated,
    place: Place,
    /// Everything that concerns the topic up to here has been sent, or lies in `ahead`.
    position: u64,
    ahead: std::vec::IntoIter<Bytes>,
    reading: Option<Reading>,
    beat_at: Duration,
    ends_at: Duration,
    end: GoodbyeReason,
    said_goodbye: bool,
}

impl Reader {
    /// A reader that first sends what lies ahead, then what comes after `position`.
    pub(super) fn new(
        hub: Arc<Distributor>,
        seat: Seated,
        place: Place,
        position: u64,
        ahead: Vec<Bytes>,
        expires_at: Option<Timestamp>,
    ) -> Self {
        let now = hub.clock.monotonic();
        let age = hub.jitter.between(hub.settings.rotate_from, hub.settings.rotate_to);
        let left = expires_at
            .map(|at| Duration::from_millis(u64::try_from(at.millis_since(hub.clock.now())).unwrap_or_default()));
        let (ends_in, end) = match left {
            Some(left) if left <= age => (left, GoodbyeReason::Revoked),
            Some(_) | None => (age, GoodbyeReason::Rotate),
        };
        let mut reader = Self {
            hub,
            seat,
            place,
            position,
            ahead: ahead.into_iter(),
            reading: None,
            beat_at: now,
            ends_at: now + ends_in,
            end,
            said_goodbye: false,
        };
        reader.plan_beat(now);
        reader
    }

    fn plan_beat(&mut self, now: Duration) {
        let middle = self.hub.settings.heartbeat;
        self.beat_at = now + self.hub.jitter.between(middle * 4 / 5, middle * 6 / 5);
    }

    fn due(&self) -> Duration {
        self.beat_at.min(self.ends_at)
    }

    fn ending(&self, now: Duration) -> Option<GoodbyeReason> {
        if self.hub.is_closing() {
            Some(GoodbyeReason::Shutdown)
        } else if self.place.right().has_ended() {
            Some(GoodbyeReason::Revoked)
        } else {
            (now >= self.ends_at).then_some(self.end)
        }
    }

    fn goodbye(&mut self, reason: GoodbyeReason) -> Bytes {
        self.said_goodbye = true;
        self.reading = None;
        if reason == GoodbyeReason::Behind {
            self.seat.topic.behind.increment(1);
        }
        frame::goodbye(reason, self.hub.jitter.millis(RETRY.0, RETRY.1))
    }

    /// The next bytes; none after the goodbye.
    fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.said_goodbye {
            return Poll::Ready(None);
        }
        loop {
            let now = self.hub.clock.monotonic();
            // Unasked whether the end has come: a goodbye must not fall into the middle of an event.
            if let Some(bytes) = self.ahead.next() {
                return Poll::Ready(Some(bytes));
            }
            if let Some(reading) = &mut self.reading {
                let page = reading.as_mut().poll(cx);
                if page.is_pending() {
                    // Parked before looking: an end that comes after this look finds the waker.
                    self.seat.topic.park(&self.seat, self.ends_at, cx.waker());
                }
                if let Some(reason) = self.ending(now) {
                    return Poll::Ready(Some(self.goodbye(reason)));
                }
                match ready!(page) {
                    Ok(Page::Read { bytes, events, upto }) => {
                        self.reading = None;
                        self.position = upto;
                        if events > 0 {
                            self.seat.topic.delivered.increment(events);
                            return Poll::Ready(Some(bytes));
                        }
                    }
                    Ok(Page::Hole) => return Poll::Ready(Some(self.goodbye(GoodbyeReason::Behind))),
                    Err(error) => {
                        tracing::error!(%error, "a stream could not be continued from the log");
                        return Poll::Ready(Some(self.goodbye(GoodbyeReason::Behind)));
                    }
                }
                continue;
            }
            // The head first: whatever it counts is in the ring by now, so an empty look proves its position.
            let head = self.hub.head();
            let next = self.seat.topic.next(&self.seat, self.position, self.due(), cx.waker());
            if let Some(reason) = self.ending(now) {
                return Poll::Ready(Some(self.goodbye(reason)));
            }
            if next == Next::Idle {
                self.position = self.position.max(head);
            }
            if now >= self.beat_at {
                self.plan_beat(now);
                return Poll::Ready(Some(frame::heartbeat(self.hub.cursor(self.position), self.hub.clock.now())));
            }
            match next {
                Next::Frame(offset, bytes) => {
                    self.position = offset;
                    self.seat.topic.delivered.increment(1);
                    return Poll::Ready(Some(bytes));
                }
                Next::Idle => return Poll::Pending,
                Next::Lost if head.saturating_sub(self.position) > self.hub.settings.replay_most => {
                    return Poll::Ready(Some(self.goodbye(GoodbyeReason::Behind)));
                }
                Next::Lost => {
                    let (hub, topic) = (self.hub.clone(), self.seat.topic.clone());
                    self.reading = Some(Box::pin(page::read(hub, topic, self.position)));
                }
            }
        }
    }
}

impl Body for Reader {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, Infallible>>> {
        self.get_mut().poll_bytes(cx).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
