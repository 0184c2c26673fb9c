//! The newest events of one topic as ready bytes, bounded by count and by size.

use bytes::Bytes;
use std::collections::VecDeque;

/// What a reader at some position gets.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The next event and its offset.
    Frame(u64, Bytes),
    /// Nothing yet.
    Idle,
    /// The ring has moved on: what is missing has to be read from the log.
    Lost,
}

/// All events of a topic with offsets above `since`.
#[derive(Debug)]
pub(super) struct Ring {
    frames: VecDeque<(u64, Bytes)>,
    since: u64,
    newest: u64,
    bytes: usize,
    most_frames: usize,
    most_bytes: usize,
}

impl Ring {
    /// An empty ring that will hold everything after `since`.
    pub(super) fn new(since: u64, most_frames: usize, most_bytes: usize) -> Self {
        Self { frames: VecDeque::new(), since, newest: since, bytes: 0, most_frames, most_bytes }
    }

    /// Appends the events of one change. Offsets ascend.
    pub(super) fn push(&mut self, offset: u64, bytes: Bytes) {
        self.bytes += bytes.len();
        self.newest = offset;
        self.frames.push_back((offset, bytes));
        while self.frames.len() > self.most_frames || self.bytes > self.most_bytes {
            let Some((gone, bytes)) = self.frames.pop_front() else { break };
            self.since = gone;
            self.bytes -= bytes.len();
        }
    }

    /// Forgets everything: what came up to `since` can't be told completely.
    pub(super) fn reset(&mut self, since: u64) {
        self.frames.clear();
        self.bytes = 0;
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

    /// What comes after `position`.
    pub(super) fn after(&self, position: u64) -> Next {
        if !self.covers(position) {
            return Next::Lost;
        }
        let index = self.frames.partition_point(|(offset, _)| *offset <= position);
        self.frames.get(index).map_or(Next::Idle, |(offset, bytes)| Next::Frame(*offset, bytes.clone()))
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
        let mut ring = Ring::new(10, 2, 100);
        assert_eq!(ring.after(10), Next::Idle);
        assert_eq!(ring.after(9), Next::Lost);
        ring.push(12, bytes("a"));
        ring.push(15, bytes("b"));
        assert_eq!(ring.after(10), Next::Frame(12, bytes("a")));
        assert_eq!(ring.after(13), Next::Frame(15, bytes("b")));
        assert_eq!(ring.after(99), Next::Idle);
        ring.push(16, bytes("c"));
        assert_eq!(ring.after(11), Next::Lost);
        assert_eq!(ring.after(12), Next::Frame(15, bytes("b")));
    }

    #[test]
    fn is_bounded_by_bytes_even_for_a_frame_larger_than_itself() {
        let mut ring = Ring::new(0, 100, 3);
        ring.push(1, bytes("aa"));
        ring.push(2, bytes("bb"));
        assert!(!ring.covers(0) && ring.covers(1));
        ring.push(3, bytes("cccc"));
        assert_eq!(ring.after(2), Next::Lost);
        assert_eq!(ring.after(3), Next::Idle);
    }
}
