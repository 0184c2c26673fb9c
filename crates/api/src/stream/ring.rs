//! The newest events of one topic as ready bytes, bounded by count and by size, and by what all rings keep together.

use super::budget::{Budget, Spent};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::Arc;

/// What a reader at some position gets.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The next event and its offset.
    Frame(u64, Bytes),
    /// Nothing that can be told yet. What came up to this offset concerns nobody here; what comes after it may.
    Idle(u64),
    /// The ring has moved on: what is missing has to be read from the log.
    Lost,
}

/// All events of a topic with offsets above `since`.
#[derive(Debug)]
pub(super) struct Ring {
    frames: VecDeque<(u64, Bytes)>,
    since: u64,
    newest: u64,
    kept: Spent,
    most_frames: usize,
    most_bytes: usize,
}

impl Ring {
    /// An empty ring that will hold everything after `since`.
    pub(super) fn new(since: u64, most_frames: usize, most_bytes: usize, budget: &Arc<Budget>) -> Self {
        Self { frames: VecDeque::new(), since, newest: since, kept: budget.spend(0), most_frames, most_bytes }
    }

    /// Appends the events of one change. Offsets ascend.
    pub(super) fn push(&mut self, offset: u64, bytes: Bytes) {
        self.kept.add(bytes.len());
        self.newest = offset;
        self.frames.push_back((offset, bytes));
        // Where all rings together hold too much, the one that grows lets go: who reads it slowly reads the log.
        while self.frames.len() > self.most_frames || self.kept.bytes() > self.most_bytes || self.kept.is_exceeded() {
            let Some((gone, bytes)) = self.frames.pop_front() else { break };
            self.since = gone;
            self.kept.give_back(bytes.len());
        }
    }

    /// Forgets everything: what came up to `since` can't be told completely.
    pub(super) fn reset(&mut self, since: u64) {
        self.frames.clear();
        self.kept.give_back(self.kept.bytes());
        self.since = since;
        self.newest = since;
    }

    /// Whether it has everything after `position`.
    pub(super) fn covers(&self, position: u64) -> bool {
        self.since <= position
    }

    /// The offset of the newest event it was given.
    pub(super) fn newest(&self) -> u64 {
        self.newest
    }

    /// Whether it is known that nothing happened above `from` and up to `upto`.
    pub(super) fn quiet(&self, from: u64, upto: u64) -> bool {
        self.covers(from) && self.frames.iter().all(|(offset, _)| *offset <= from || *offset > upto)
    }

    /// What comes after `position`, and not after `upto`.
    pub(super) fn after(&self, position: u64, upto: u64) -> Next {
        if !self.covers(position) {
            return Next::Lost;
        }
        let index = self.frames.partition_point(|(offset, _)| *offset <= position);
        match self.frames.get(index) {
            Some((offset, bytes)) if *offset <= upto => Next::Frame(*offset, bytes.clone()),
            Some(_) | None => Next::Idle(u64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    #[test]
    fn gives_what_comes_after_a_position_or_says_that_it_is_lost() {
        let mut ring = Ring::new(10, 2, 100, &Budget::new(1_000));
        assert_eq!(ring.after(10, u64::MAX), Next::Idle(u64::MAX));
        assert_eq!(ring.after(9, u64::MAX), Next::Lost);
        ring.push(12, bytes("a"));
        ring.push(15, bytes("b"));
        assert_eq!(ring.after(10, u64::MAX), Next::Frame(12, bytes("a")));
        assert_eq!(ring.after(13, u64::MAX), Next::Frame(15, bytes("b")));
        assert_eq!(ring.after(99, u64::MAX), Next::Idle(u64::MAX));
        ring.push(16, bytes("c"));
        assert_eq!(ring.after(11, u64::MAX), Next::Lost);
        assert_eq!(ring.after(12, u64::MAX), Next::Frame(15, bytes("b")));
    }

    #[test]
    fn is_bounded_by_bytes_even_for_a_frame_larger_than_itself() {
        let mut ring = Ring::new(0, 100, 3, &Budget::new(1_000));
        ring.push(1, bytes("aa"));
        ring.push(2, bytes("bb"));
        assert!(!ring.covers(0) && ring.covers(1));
        ring.push(3, bytes("cccc"));
        assert_eq!(ring.after(2, u64::MAX), Next::Lost);
        assert_eq!(ring.after(3, u64::MAX), Next::Idle(u64::MAX));
    }

    #[test]
    fn shows_nothing_above_a_limit_and_knows_where_it_was_quiet() {
        let mut ring = Ring::new(10, 4, 100, &Budget::new(1_000));
        ring.push(12, bytes("a"));
        ring.push(15, bytes("b"));
        assert_eq!(ring.after(12, 14), Next::Idle(u64::MAX));
        assert_eq!(ring.after(12, 15), Next::Frame(15, bytes("b")));
        assert!(ring.quiet(12, 14) && ring.quiet(15, 99) && !ring.quiet(11, 12) && !ring.quiet(12, 15));
        assert!(!ring.quiet(9, 10), "what it has not seen it does not know");
    }

    #[test]
    fn all_rings_together_keep_no_more_than_is_allowed_and_give_it_back() {
        let budget = Budget::new(10);
        let mut rings: Vec<_> = (0..4).map(|_| Ring::new(0, 100, 100, &budget)).collect();
        for offset in 1..=20 {
            for ring in &mut rings {
                ring.push(offset, bytes("abcd"));
                assert!(!budget.is_exceeded(), "at {offset}");
            }
        }
        assert_eq!(rings[3].after(19, u64::MAX), Next::Lost, "it grew last, and there was no room");
        assert_eq!(rings[3].after(20, u64::MAX), Next::Idle(u64::MAX), "but it knows where it stands");
        rings.truncate(1);
        for offset in 21..=22 {
            rings[0].push(offset, bytes("abcd"));
        }
        assert_eq!(rings[0].after(20, u64::MAX), Next::Frame(21, bytes("abcd")), "what others kept is free again");
    }
}
