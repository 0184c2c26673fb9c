//! Ids that are the same on every demo floor, so that a picture or a script made on one fits another.

use uuid::{Builder, Uuid};

/// The moment in the ids: 2026-01-01T00:00:00Z, in milliseconds.
const MADE_AT: u64 = 1_767_225_600_000;

/// What an id is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Station = 1,
    Worker = 2,
    Status = 3,
    Reason = 4,
    User = 5,
    Kiosk = 6,
    Job = 7,
    JobItem = 8,
    Step = 9,
    Checklist = 10,
    Calendar = 11,
}

/// The id of the thing with this number.
#[must_use]
pub fn id(kind: Kind, number: usize) -> Uuid {
    let number = u64::try_from(number).unwrap_or(u64::MAX);
    let mut seed = Seed::new(((kind as u64) << 48) ^ number);
    let mut random = [0; 10];
    random[..8].copy_from_slice(&seed.next().to_be_bytes());
    random[8..].copy_from_slice(&seed.next().to_be_bytes()[..2]);
    // Later numbers sort after earlier ones, as they would had they been made one by one.
    Builder::from_unix_timestamp_millis(MADE_AT + number, &random).into_uuid()
}

/// Numbers that look random and are the same for the same start: SplitMix64 (Steele, Lea, Flood, 2014).
/// Never for secrets.
#[derive(Debug, Clone)]
pub struct Seed(u64);

impl Seed {
    /// A row of numbers.
    #[must_use]
    pub fn new(start: u64) -> Self {
        Self(start)
    }

    /// The next number.
    #[expect(clippy::should_implement_trait, reason = "it never ends, so an iterator's Option would be noise")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to below `high`; `low` where there is none between.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % high.saturating_sub(low).max(1)
    }

    /// An index below `length`; 0 for nothing to choose from.
    pub fn index(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        usize::try_from(self.between(0, length)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_version_seven_apart_and_the_same_each_time() {
        let kinds = [Kind::Station, Kind::Worker, Kind::Status, Kind::Reason, Kind::User, Kind::Kiosk];
        let all = || kinds.into_iter().flat_map(|kind| (0..1000).map(move |number| id(kind, number)));
        assert_eq!(all().collect::<BTreeSet<_>>().len(), 6000);
        assert!(all().all(|id| id.get_version_num() == 7));
        assert!(all().eq(all()));
    }

    #[test]
    fn a_number_stays_between_its_bounds() {
        let mut seed = Seed::new(1);
        assert!((0..1000).all(|_| (3..7).contains(&seed.between(3, 7))));
        assert_eq!((seed.between(5, 5), seed.index(0)), (5, 0));
    }
}
