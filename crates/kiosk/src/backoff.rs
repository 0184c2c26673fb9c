//! How long to wait before trying again: full jitter, so that a thousand kiosks that lost the server
//! in the same instant don't come back in the same instant.

use millrace_domain::Chance;
use std::time::Duration;

/// The shortest wait.
pub const BASE: Duration = Duration::from_secs(1);
/// The longest wait.
pub const CAP: Duration = Duration::from_secs(30);

/// Waits are drawn evenly between a shortest one and a ceiling that doubles with each failure.
#[derive(Debug, Clone)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
    failures: u32,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(BASE, CAP)
    }
}

impl Backoff {
    /// Never waits shorter than `base` nor longer than `cap`.
    #[must_use]
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap, failures: 0 }
    }

    /// How many failures there were since the last success.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// It worked: the next wait is a first wait.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// The server asked for another shortest wait. It can ask for more than usual, up to half the cap, so that
    /// there is still something to draw from.
    pub fn rebase(&mut self, base: Duration) {
        self.base = base.clamp(BASE, self.cap / 2);
    }

    /// It failed: the time to wait now.
    pub fn failed(&mut self, chance: &dyn Chance) -> Duration {
        let ceiling = self.base.saturating_mul(2 << self.failures.min(16)).min(self.cap);
        self.failures = self.failures.saturating_add(1);
        self.base + up_to(ceiling.saturating_sub(self.base), chance)
    }

    /// It failed, and the server named a time: that time and up to a second more.
    pub fn failed_until(&mut self, named: Duration, chance: &dyn Chance) -> Duration {
        self.failures = self.failures.saturating_add(1);
        named + up_to(BASE, chance)
    }
}

/// A duration drawn evenly from zero to `ceiling`, to the millisecond.
#[must_use]
pub fn up_to(ceiling: Duration, chance: &dyn Chance) -> Duration {
    let mut bytes = [0; 8];
    chance.fill(&mut bytes);
    let span = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX - 1) + 1;
    Duration::from_millis(u64::from_le_bytes(bytes) % span)
}

/// An interval shortened by up to a tenth, so that kiosks that started together drift apart.
#[must_use]
pub fn jittered(interval: Duration, chance: &dyn Chance) -> Duration {
    interval.saturating_sub(up_to(interval / 10, chance))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws the highest number every time.
    #[derive(Debug)]
    struct Highest;
    impl Chance for Highest {
        fn fill(&self, buffer: &mut [u8]) {
            // One below a multiple of every span that is used here would be too clever: search instead.
            buffer.fill(0);
            buffer[..8].copy_from_slice(&999_u64.to_le_bytes());
        }
    }

    #[test]
    fn the_ceiling_doubles_up_to_the_cap_and_falls_back_after_a_success() {
        let chance = millrace_domain::SystemChance;
        let mut backoff = Backoff::default();
        for ceiling in [2, 4, 8, 16, 30, 30, 30] {
            let drawn: Vec<_> = (0..200).map(|_| backoff.clone().failed(&chance)).collect();
            let (least, most) = (drawn.iter().min().copied(), drawn.iter().max().copied());
            let (least, most) = (least.unwrap_or_default(), most.unwrap_or_default());
            assert!(least >= BASE && most <= Duration::from_secs(ceiling), "{least:?} to {most:?} of {ceiling} s");
            assert!(most - least >= Duration::from_secs(ceiling) / 3, "{least:?} to {most:?} is no full jitter");
            backoff.failed(&chance);
        }
        backoff.succeeded();
        assert!(backoff.failed(&chance) <= 2 * BASE);
    }

    #[test]
    fn a_named_time_is_kept_and_spread() {
        assert_eq!(Backoff::default().failed_until(Duration::from_secs(7), &Highest), Duration::from_millis(7999));
    }

    #[test]
    fn a_server_can_ask_for_more_but_not_for_less_than_usual_or_more_than_the_cap() {
        let mut backoff = Backoff::default();
        backoff.rebase(Duration::ZERO);
        assert_eq!(backoff.base, BASE);
        backoff.rebase(Duration::from_secs(3600));
        assert_eq!(backoff.base, CAP / 2);
    }

    #[test]
    fn an_interval_is_only_ever_shortened() {
        let (chance, interval) = (millrace_domain::SystemChance, Duration::from_secs(15));
        for _ in 0..200 {
            let drawn = jittered(interval, &chance);
            assert!(drawn <= interval && drawn >= Duration::from_millis(13_500), "{drawn:?}");
        }
    }
}
