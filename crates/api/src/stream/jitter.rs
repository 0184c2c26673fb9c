//! Chance for intervals: what thousands of readers do must not fall on one moment.
//!
//! Not for secrets: whoever sees enough of it can foresee the rest.

use millrace_domain::Chance;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The step of Steele, Lea and Flood's SplitMix64: 2^64 divided by the golden ratio, made odd.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A source of intervals.
#[derive(Debug)]
pub(super) struct Jitter(AtomicU64);

impl Jitter {
    /// Begins at a random place.
    pub(super) fn new(chance: &dyn Chance) -> Self {
        let mut seed = [0; 8];
        chance.fill(&mut seed);
        Self(AtomicU64::new(u64::from_le_bytes(seed)))
    }

    /// Milliseconds from `least` to `most`, both included.
    pub(super) fn millis(&self, least: u64, most: u64) -> u64 {
        let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        least + (z ^ (z >> 31)) % (most.saturating_sub(least) + 1)
    }

    /// An interval from `least` to `most`.
    pub(super) fn between(&self, least: Duration, most: Duration) -> Duration {
        let millis = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX - 1);
        Duration::from_millis(self.millis(millis(least), millis(most)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_and_reaches_both_ends() {
        let jitter = Jitter(AtomicU64::new(7));
        let drawn: Vec<_> = (0..1_000).map(|_| jitter.millis(3, 6)).collect();
        for end in 3..=6 {
            assert!(drawn.contains(&end), "{end} was never drawn");
        }
        assert!(drawn.iter().all(|millis| (3..=6).contains(millis)));
    }
}
