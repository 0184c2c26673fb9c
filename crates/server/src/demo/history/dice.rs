//! Chance from a seed: whole numbers only, so that the same seed tells the same story on every machine.

use crate::demo::ids::Seed;
use millrace_protocol::time::Timestamp;
use uuid::{Builder, Uuid};

/// A minute.
pub(super) const MINUTE: i64 = 60_000;

/// Sixteenths of the exponential distribution with mean 1,000, each at its middle: most stretches are short, a few
/// are long.
const STRETCHES: [i64; 16] = [32, 98, 170, 247, 330, 421, 521, 633, 758, 901, 1_068, 1_269, 1_520, 1_856, 2_367, 3_466];

/// What is thrown for everything that happens.
#[derive(Debug)]
pub(super) struct Dice(Seed);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(Seed::new(seed))
    }

    /// An id of this moment: UUIDv7, as the server would have made it then.
    pub(super) fn id(&mut self, at: Timestamp) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.0.next().to_be_bytes());
        random[8..].copy_from_slice(&self.0.next().to_be_bytes()[..2]);
        Builder::from_unix_timestamp_millis(at.millis().unsigned_abs(), &random).into_uuid()
    }

    /// 32 bytes that are the digest of nothing.
    pub(super) fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.0.next().to_be_bytes());
        }
        bytes
    }

    /// Whether something comes to be that does so many times in a thousand.
    pub(super) fn comes(&mut self, in_thousand: u64) -> bool {
        self.0.between(0, 1_000) < in_thousand
    }

    /// A number from `low` to below `high`.
    pub(super) fn count(&mut self, low: u64, high: u64) -> u64 {
        self.0.between(low, high)
    }

    /// Milliseconds from `low` to below `high`; either may be below zero.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.0.between(0, high.saturating_sub(low).unsigned_abs()).cast_signed()
    }

    /// Milliseconds between so many minutes.
    pub(super) fn minutes(&mut self, low: i64, high: i64) -> i64 {
        self.between(low * MINUTE, high * MINUTE)
    }

    /// Milliseconds that are so many on average, seldom many more, never fewer than a third.
    pub(super) fn stretch(&mut self, mean: i64) -> i64 {
        let long = STRETCHES[self.0.index(STRETCHES.len())] + self.between(0, 43);
        mean / 3 + mean * 2 / 3 * long / 1_000
    }

    /// One of these.
    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.0.index(of.len())]
    }

    /// One of these, by their weights.
    pub(super) fn weighed<'a, T>(&mut self, of: &'a [(T, u64)]) -> &'a T {
        let mut left = self.0.between(0, of.iter().map(|(_, weight)| weight).sum());
        let found = of.iter().find(|(_, weight)| match left.checked_sub(*weight) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        });
        &found.unwrap_or(&of[0]).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_as_long_as_they_should_be_on_average() {
        let mut dice = Dice::new(1);
        let all: Vec<i64> = (0..100_000).map(|_| dice.stretch(60_000)).collect();
        let mean = all.iter().sum::<i64>() / 100_000;
        assert!((58_000..62_000).contains(&mean), "{mean}");
        assert!(all.iter().all(|stretch| (20_000..250_000).contains(stretch)));
    }

    #[test]
    fn weights_are_kept() {
        let mut dice = Dice::new(2);
        let of = [("a", 700), ("b", 300)];
        let first = (0..10_000).filter(|_| *dice.weighed(&of) == "a").count();
        assert!((6_800..7_200).contains(&first), "{first}");
    }

    #[test]
    fn ids_sort_by_their_moment() {
        let mut dice = Dice::new(3);
        let ids: Vec<Uuid> = (0..100).map(|n| dice.id(Timestamp::from_millis(1_700_000_000_000 + n))).collect();
        assert!(ids.is_sorted() && ids.iter().all(|id| id.get_version_num() == 7));
    }
}
