//! A topic: its ring, and who reads it.
//!
//! A reader that has nothing to send leaves its waker here, under the same lock under which it looked: an
//! event that comes after that look finds the waker. That is all a waiting reader costs; there is no task,
//! no channel and no timer of its own.

use super::capacity::Right;
use super::drawing::Told;
use super::frame;
use super::fresh::Fresh;
use super::newest::Newest;
use super::picture::{Moved, Picture};
use super::ring::{Next, Ring};
use super::snapshot::Shelf;
use super::view::{Pipeline, Shown, TopicKey};
use bytes::Bytes;
use metrics::{Counter, Gauge};
use millrace_domain::change::Holder;
use millrace_protocol::KioskId;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

/// A stream with its parameters, while somebody reads it.
pub(super) struct Topic {
    /// What it shows.
    pub(super) shown: Shown,
    /// Its newest snapshot.
    pub(super) shelf: Shelf,
    /// Counts events handed to connections.
    pub(super) delivered: Counter,
    /// Counts readers that were too slow.
    pub(super) behind: Counter,
    /// The kiosk that it is for, where it is for one.
    pub(super) kiosk: Option<KioskId>,
    open: Gauge,
    inside: Mutex<Inside>,
}

struct Inside {
    told: Kept,
    seats: Vec<Option<Seat>>,
    free: Vec<u32>,
}

/// What there is to tell.
pub(super) enum Kept {
    /// The newest events.
    Ring(Ring),
    /// The one that tells everything.
    Newest(Newest),
}

impl Kept {
    fn reset(&mut self, since: u64) {
        match self {
            Self::Ring(ring) => ring.reset(since),
            Self::Newest(newest) => newest.reset(since),
        }
    }

    fn covers(&self, position: u64) -> bool {
        match self {
            Self::Ring(ring) => ring.covers(position),
            Self::Newest(newest) => newest.covers(position),
        }
    }

    fn newest(&self) -> u64 {
        match self {
            Self::Ring(ring) => ring.newest(),
            Self::Newest(newest) => newest.newest(),
        }
    }

    fn quiet(&self, from: u64, upto: u64) -> bool {
        match self {
            Self::Ring(ring) => ring.quiet(from, upto),
            Self::Newest(newest) => newest.covers(from) && newest.newest() <= from,
        }
    }

    fn after(&self, position: u64, upto: u64) -> Next {
        match self {
            Self::Ring(ring) => ring.after(position, upto),
            Self::Newest(newest) => newest.after(position, upto),
        }
    }

    /// Appends to a ring.
    pub(super) fn push(&mut self, offset: u64, bytes: Bytes) {
        if let Self::Ring(ring) = self {
            ring.push(offset, bytes);
        }
    }
}

struct Seat {
    waker: Option<Waker>,
    due: Duration,
    right: Arc<Right>,
}

impl Topic {
    /// A topic that nobody reads yet.
    pub(super) fn new(key: &TopicKey, shown: Shown, told: Kept) -> Self {
        Self {
            shown,
            shelf: Shelf::default(),
            delivered: metrics::counter!("millrace_stream_events_total", "stream" => key.kind()),
            behind: metrics::counter!("millrace_stream_behind_total", "stream" => key.kind()),
            kiosk: if let TopicKey::Kiosk(kiosk) = key { Some(*kiosk) } else { None },
            open: metrics::gauge!("millrace_streams_open", "stream" => key.kind()),
            inside: Mutex::new(Inside { told, seats: Vec::new(), free: Vec::new() }),
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether its events can be made from the log again.
    pub(super) fn replays(&self) -> bool {
        matches!(self.shown, Shown::Rows(_))
    }

    /// The pipeline it shows, if that is what it does.
    pub(super) fn pipeline(&self) -> Option<Pipeline> {
        match &self.shown {
            Shown::Whole(pipeline) => Some(*pipeline),
            Shown::Rows(_) | Shown::Picture(_) => None,
        }
    }

    /// The bytes of the events a change makes here, if it makes any that can be told from the change alone.
    pub(super) fn bytes_of(&self, epoch: &str, change: &Fresh) -> Option<Bytes> {
        self.shown.bytes_of(epoch, change)
    }

    /// Appends a change's events; says whether there were any. Readers are woken by [`Topic::wake`].
    pub(super) fn append(&self, epoch: &str, change: &Fresh) -> bool {
        let Some(bytes) = self.bytes_of(epoch, change) else { return false };
        self.inside().told.push(change.offset, bytes);
        true
    }

    /// Appends what moved in the picture, where this topic shows it; says whether it does.
    pub(super) fn draw(&self, epoch: &str, offset: u64, picture: &Picture, moved: &Moved) -> bool {
        let Shown::Picture(drawn) = &self.shown else { return false };
        let events = drawn.events(picture, moved, offset);
        if events.is_empty() {
            return false;
        }
        self.inside().told.push(offset, frame::change(epoch, offset, &events));
        true
    }

    /// Something moved in what is drawn whole; it is drawn by [`Topic::draw_whole`], soon.
    pub(super) fn stain(&self, offset: u64, items: bool) {
        if let Kept::Newest(newest) = &mut self.inside().told {
            newest.stain(offset, items);
        }
    }

    /// When it is to be drawn whole, if it is.
    pub(super) fn drawing_due(&self, pause: Duration) -> Option<Duration> {
        match &self.inside().told {
            Kept::Newest(newest) => newest.due(pause),
            Kept::Ring(_) => None,
        }
    }

    /// Takes what was drawn.
    pub(super) fn draw_whole(&self, told: Arc<Told>, now: Duration) {
        if let Kept::Newest(newest) = &mut self.inside().told {
            newest.draw(told, now);
        }
    }

    /// What came up to `since` can't be told completely.
    pub(super) fn reset(&self, since: u64) {
        self.inside().told.reset(since);
    }

    /// Whether the ring has everything after `position`.
    pub(super) fn covers(&self, position: u64) -> bool {
        self.inside().told.covers(position)
    }

    /// Whether nothing has happened here since `position`.
    pub(super) fn quiet_since(&self, position: u64) -> bool {
        self.inside().told.newest() <= position
    }

    /// Whether it is known that nothing happened here above `from` and up to `upto`.
    pub(super) fn quiet(&self, from: u64, upto: u64) -> bool {
        self.inside().told.quiet(from, upto)
    }

    /// What comes after `position`, and not after `upto`, for a reader; where there is nothing, it will be woken when
    /// there is, or when the monotonic clock reaches `due`.
    pub(super) fn next(&self, seat: &Seated, position: u64, upto: u64, due: Duration, waker: &Waker) -> Next {
        let mut inside = self.inside();
        let next = inside.told.after(position, upto);
        if let Next::Idle(_) = next {
            inside.park(seat.index, due, waker);
        }
        next
    }

    /// Has a reader woken when the monotonic clock reaches `due`, or its right ends.
    pub(super) fn park(&self, seat: &Seated, due: Duration, waker: &Waker) {
        self.inside().park(seat.index, due, waker);
    }

    /// Wakes all readers.
    pub(super) fn wake(&self) {
        self.wake_where(|_| true);
    }

    /// Wakes the readers whose time has come.
    pub(super) fn wake_due(&self, now: Duration) {
        self.wake_where(|seat| seat.due <= now);
    }

    /// Ends the rights that end with this holder's at this offset, and wakes their readers.
    pub(super) fn end_rights(&self, offset: u64, holder: &Holder) {
        self.wake_where(|seat| {
            let concerned = seat.right.ends_with(offset, holder);
            if concerned {
                seat.right.end();
            }
            concerned
        });
    }

    fn wake_where(&self, concerned: impl Fn(&Seat) -> bool) {
        let mut wakers = Vec::new();
        {
            let mut inside = self.inside();
            for seat in inside.seats.iter_mut().flatten().filter(|seat| concerned(seat)) {
                wakers.extend(seat.waker.take());
            }
        }
        for waker in wakers {
            waker.wake();
        }
    }

    /// Whether anybody reads it.
    pub(super) fn is_read(&self) -> bool {
        self.inside().seats.iter().any(Option::is_some)
    }

    /// Registers a reader. From here on it misses nothing.
    pub(super) fn sit(self: &Arc<Self>, right: Arc<Right>) -> Seated {
        let mut inside = self.inside();
        let seat = Some(Seat { waker: None, due: Duration::MAX, right });
        let index = if let Some(index) = inside.free.pop() {
            inside.seats[index as usize] = seat;
            index
        } else {
            inside.seats.push(seat);
            u32::try_from(inside.seats.len() - 1).unwrap_or(u32::MAX)
        };
        drop(inside);
        self.open.increment(1.0);
        Seated { topic: self.clone(), index }
    }
}

impl Inside {
    fn park(&mut self, index: u32, due: Duration, waker: &Waker) {
        if let Some(Some(seat)) = self.seats.get_mut(index as usize) {
            seat.due = due;
            match &mut seat.waker {
                Some(known) => known.clone_from(waker),
                none @ None => *none = Some(waker.clone()),
            }
        }
    }
}

/// A reader's seat at a topic; given back when dropped.
pub(super) struct Seated {
    /// The topic.
    pub(super) topic: Arc<Topic>,
    index: u32,
}

impl Drop for Seated {
    fn drop(&mut self) {
        let mut inside = self.topic.inside();
        if let Some(seat) = inside.seats.get_mut(self.index as usize) {
            *seat = None;
            inside.free.push(self.index);
        }
        drop(inside);
        self.topic.open.decrement(1.0);
    }
}
