//! What can be set about streams.

use std::time::Duration;

/// Bounds and intervals of the streams.
#[derive(Debug, Clone)]
pub struct StreamSettings {
    /// How many streams may be open in all.
    pub most: usize,
    /// How many of them under one holder of a right.
    pub most_per_holder: usize,
    /// How many events a topic keeps as ready bytes.
    pub ring_frames: usize,
    /// How many bytes of them.
    pub ring_bytes: usize,
    /// How many bytes all topics together keep.
    pub kept_bytes: usize,
    /// What tells everything each time is told no more often than this.
    pub pause: Duration,
    /// How many of the newest changes are kept in memory, so that a topic that is new here begins with a past.
    pub trail: usize,
    /// How many changes a reader may be behind and still get them singly.
    pub replay_most: u64,
    /// How many changes are read from the log at once.
    pub page: u32,
    /// For how long a change is kept in the log.
    pub keep: Duration,
    /// How many of the newest changes are kept at most.
    pub keep_rows: u64,
    /// The middle of the interval between heartbeats; each is up to a fifth shorter or longer.
    pub heartbeat: Duration,
    /// The least age at which a stream is ended so that its reader comes anew, perhaps to another node.
    pub rotate_from: Duration,
    /// The greatest.
    pub rotate_to: Duration,
}

impl Default for StreamSettings {
    fn default() -> Self {
        Self {
            most: 20_000,
            most_per_holder: 200,
            ring_frames: 4_096,
            ring_bytes: 8 * 1024 * 1024,
            kept_bytes: 256 * 1024 * 1024,
            pause: Duration::from_millis(250),
            trail: 1_000,
            replay_most: 10_000,
            page: 250,
            keep: Duration::from_secs(3 * 24 * 3600),
            keep_rows: 1_000_000,
            heartbeat: Duration::from_secs(15),
            rotate_from: Duration::from_secs(10 * 60),
            rotate_to: Duration::from_secs(15 * 60),
        }
    }
}
