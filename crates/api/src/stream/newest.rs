//! The newest event of a topic that tells everything each time: who has that one needs none before it.
//!
//! So nobody can fall behind it, and of what moves quickly only every so often a state is drawn. Until it is, a reader
//! is not told that it has seen what moved: see [`super::ring::Next::Idle`].

use super::drawing::Told;
use super::ring::Next;
use std::sync::Arc;
use std::time::Duration;

/// What happened since it was drawn.
#[derive(Debug, Clone, Copy)]
struct Stain {
    /// The first change that is not in what was drawn.
    from: u64,
    /// Whether the large part, the items, moved too.
    items: bool,
}

/// The newest event, and what it lacks.
#[derive(Debug)]
pub(super) struct Newest {
    since: u64,
    told: Option<Arc<Told>>,
    /// Who is before this offset lacks items.
    items_at: u64,
    stain: Option<Stain>,
    drawn_at: Option<Duration>,
}

impl Newest {
    /// Nothing happened since this offset.
    pub(super) fn new(since: u64) -> Self {
        Self { since, told: None, items_at: since, stain: None, drawn_at: None }
    }

    /// Something moved at this offset.
    pub(super) fn stain(&mut self, offset: u64, items: bool) {
        let stain = self.stain.get_or_insert(Stain { from: offset, items });
        stain.items |= items;
    }

    /// When it is to be drawn anew, if it is: no sooner than this after the last time.
    pub(super) fn due(&self, pause: Duration) -> Option<Duration> {
        self.stain.map(|_| self.drawn_at.map_or(Duration::ZERO, |at| at + pause))
    }

    /// Takes what was drawn.
    pub(super) fn draw(&mut self, told: Arc<Told>, now: Duration) {
        if self.stain.take().is_some_and(|stain| stain.items) {
            self.items_at = told.offset;
        }
        self.told = Some(told);
        self.drawn_at = Some(now);
    }

    /// What came up to `since` can't be told.
    pub(super) fn reset(&mut self, since: u64) {
        *self = Self::new(since);
    }

    /// Whether whoever is at `position` can be brought up to date.
    pub(super) fn covers(&self, position: u64) -> bool {
        self.since <= position
    }

    /// The offset of the last thing that happened.
    pub(super) fn newest(&self) -> u64 {
        let drawn = self.told.as_ref().map_or(self.since, |told| told.offset);
        self.stain.map_or(drawn, |stain| stain.from.max(drawn))
    }

    /// What comes after `position`, and not after `upto`.
    pub(super) fn after(&self, position: u64, upto: u64) -> Next {
        if !self.covers(position) {
            return Next::Lost;
        }
        match self.told.as_ref().filter(|told| position < told.offset && told.offset <= upto) {
            Some(told) => Next::Frame(told.offset, told.bytes(position < self.items_at)),
            None => Next::Idle(self.stain.map_or(u64::MAX, |stain| stain.from - 1)),
        }
    }
}
