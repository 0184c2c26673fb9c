//! One connection's reader: an offset, a seat at each of its topics, and the bytes it is about to send.
//!
//! It is the body of the response and runs when the connection can take more: a slow connection takes less, and
//! slows nobody.

use super::capacity::Place;
use super::distributor::{Distributor, TICK};
use super::frame;
use super::line::Line;
use super::opening::RETRY;
use super::page::{self, Page};
use super::ring::Next;
use crate::listener::Fate;
use bytes::Bytes;
use http_body::{Body, Frame};
use millrace_domain::storage::Result;
use millrace_protocol::stream::GoodbyeReason;
use millrace_protocol::time::Timestamp;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

/// What a look at the rings found.
enum Look {
    /// The next events, in pieces, and their offset.
    Tell(u64, Vec<Bytes>),
    /// Nothing that can be told yet.
    Idle,
    /// What is missing has to be read from the log.
    Lost,
}

type Reading = Pin<Box<dyn Future<Output = Result<Page>> + Send>>;

/// A stream's body.
pub(super) struct Reader {
    hub: Arc<Distributor>,
    lines: Arc<[Line]>,
    place: Place,
    /// Everything that concerns its topics up to here has been sent, or lies in `ahead`.
    position: u64,
    ahead: std::vec::IntoIter<Bytes>,
    reading: Option<Reading>,
    beat_at: Duration,
    catches_up: bool,
    ends_at: Duration,
    end: GoodbyeReason,
    said_goodbye: bool,
    fate: Fate,
}

impl Reader {
    /// One that goes on where another ended says that it lives as soon as it has caught up: there may be nothing else
    /// to say for long, and who looks at a board that was cut off has to see that it is live again.
    pub(super) fn resumed(mut self) -> Self {
        self.catches_up = true;
        self
    }

    /// One whose connection says how it ended.
    pub(super) fn on(mut self, fate: Fate) -> Self {
        self.fate = fate;
        self
    }

    /// A reader that first sends what lies ahead, then what comes after `position`.
    pub(super) fn new(
        hub: Arc<Distributor>,
        lines: Arc<[Line]>,
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
            lines,
            place,
            position,
            ahead: ahead.into_iter(),
            reading: None,
            beat_at: now,
            catches_up: false,
            ends_at: now + ends_in,
            end,
            said_goodbye: false,
            fate: Fate::default(),
        };
        reader.plan_beat(now);
        reader
    }

    fn plan_beat(&mut self, now: Duration) {
        let middle = self.hub.settings.heartbeat;
        // The hub looks at the clock once in each tick, so a beat may come so much later than planned.
        self.beat_at = now + self.hub.jitter.between(middle * 4 / 5, middle * 6 / 5 - TICK);
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
            self.lines.iter().for_each(|line| line.seat.topic.behind.increment(1));
        }
        frame::goodbye(reason, self.hub.jitter.millis(RETRY.0, RETRY.1))
    }

    /// What comes next, and the head that an empty look proves.
    fn look(&self, waker: &Waker) -> (Look, u64) {
        // The head first: whatever it counts is in the rings by now, so an empty look proves its position.
        let mut head = self.hub.head();
        let due = self.due();
        if let [line] = &*self.lines
            && line.name.is_none()
        {
            return match line.seat.topic.next(&line.seat, self.position, u64::MAX, due, waker) {
                Next::Frame(offset, bytes) => (Look::Tell(offset, vec![bytes]), head),
                Next::Idle(upto) => (Look::Idle, head.min(upto)),
                Next::Lost => (Look::Lost, head),
            };
        }
        loop {
            let (mut nearest, mut proven) = (u64::MAX, head);
            let mut found: Vec<(&Line, Bytes)> = Vec::new();
            for line in self.lines.iter() {
                // Nothing above the head: of what is newer one topic may have its part and another not yet.
                match line.seat.topic.next(&line.seat, self.position, head, due, waker) {
                    Next::Lost => return (Look::Lost, head),
                    Next::Frame(offset, bytes) if offset <= nearest => {
                        if offset < nearest {
                            found.clear();
                            nearest = offset;
                        }
                        found.push((line, bytes));
                    }
                    Next::Idle(upto) => proven = proven.min(upto),
                    Next::Frame(..) => {}
                }
            }
            // What one topic has yet to tell must not be overtaken by another: the cursor would be beyond it.
            if !found.is_empty() && nearest <= proven {
                let mut pieces = Vec::new();
                let parts = found.into_iter().map(|(line, bytes)| (line.name.as_deref(), bytes)).collect();
                frame::join(&mut pieces, &self.hub.cursor(nearest), parts);
                return (Look::Tell(nearest, pieces), head);
            }
            // Whoever moves the head wakes afterwards: either it is seen here, or the waker is found there.
            let now = self.hub.head();
            if now == head {
                return (Look::Idle, proven);
            }
            head = now;
        }
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
                    for line in self.lines.iter() {
                        line.seat.topic.park(&line.seat, self.ends_at, cx.waker());
                    }
                }
                if let Some(reason) = self.ending(now) {
                    return Poll::Ready(Some(self.goodbye(reason)));
                }
                match ready!(page) {
                    Ok(Page::Read { pieces, upto }) => {
                        self.reading = None;
                        self.position = upto;
                        self.ahead = pieces.into_iter();
                    }
                    Ok(Page::Hole) => return Poll::Ready(Some(self.goodbye(GoodbyeReason::Behind))),
                    Err(error) => {
                        tracing::error!(%error, "a stream could not be continued from the log");
                        return Poll::Ready(Some(self.goodbye(GoodbyeReason::Behind)));
                    }
                }
                continue;
            }
            let (look, head) = self.look(cx.waker());
            if let Some(reason) = self.ending(now) {
                return Poll::Ready(Some(self.goodbye(reason)));
            }
            let idle = matches!(look, Look::Idle);
            if idle {
                self.position = self.position.max(head);
            }
            if now >= self.beat_at || (self.catches_up && idle) {
                self.catches_up = false;
                self.plan_beat(now);
                return Poll::Ready(Some(frame::heartbeat(self.hub.cursor(self.position), self.hub.clock.now())));
            }
            match look {
                Look::Tell(offset, pieces) => {
                    self.position = offset;
                    self.ahead = pieces.into_iter();
                    // Of several topics the first stands for all: it is a count of what was handed to connections.
                    if let Some(line) = self.lines.first() {
                        line.seat.topic.delivered.increment(1);
                    }
                }
                Look::Idle => return Poll::Pending,
                Look::Lost
                    if head.saturating_sub(self.position) > self.hub.settings.replay_most
                        || !self.lines.iter().all(|line| line.seat.topic.replays()) =>
                {
                    return Poll::Ready(Some(self.goodbye(GoodbyeReason::Behind)));
                }
                Look::Lost => {
                    let (hub, lines) = (self.hub.clone(), self.lines.clone());
                    self.reading = Some(Box::pin(page::read(hub, lines, self.position)));
                }
            }
        }
    }
}

impl Drop for Reader {
    /// A kiosk that was lost with its connection had been silent for long: boards are not to wait again as long.
    fn drop(&mut self) {
        if self.fate.was_lost() {
            self.hub.lost(self.lines.iter().filter_map(|line| line.seat.topic.kiosk));
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
