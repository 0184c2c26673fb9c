//! Slows down whoever guesses secrets: after a few failures in a row, the same subject has to wait.
//!
//! Only failures count, and a success forgets them. Who knows his secret waits only where somebody else
//! is guessing it. The answer is 429 at once: a request is never held.
//!
//! A subject is what a caller wrote, so only its hash is kept: its length is no way to fill the memory.

use crate::secret::token_hash;
use dashmap::DashMap;
use millrace_domain::storage::TokenHash;
use std::time::Duration;

/// Failures that cost nothing.
const FREE: u32 = 5;
/// The wait after the first failure too many; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Failures older than this are forgotten.
const MEMORY: Duration = Duration::from_secs(900);
/// Beyond so many subjects, those whose time is over are swept out.
const SUBJECTS: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Duration,
}

/// Failures by subject: a kiosk with a worker's code, a user name, an enrolment.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    failures: DashMap<TokenHash, Failures>,
}

impl Throttle {
    /// Whether this subject may try now; otherwise the whole seconds it has to wait.
    pub(crate) fn check(&self, subject: &str, now: Duration) -> Result<(), u64> {
        let Some(failures) = self.failures.get(&token_hash(subject)).map(|entry| *entry) else { return Ok(()) };
        let over = failures.count.saturating_sub(FREE);
        if over == 0 {
            return Ok(());
        }
        let wait = FIRST_WAIT.saturating_mul(1 << (over - 1).min(16)).min(LONGEST_WAIT);
        let left = (failures.last + wait).saturating_sub(now);
        if left.is_zero() { Ok(()) } else { Err(left.as_secs() + 1) }
    }

    /// Remembers a failure.
    pub(crate) fn failed(&self, subject: &str, now: Duration) {
        if self.failures.len() >= SUBJECTS {
            self.failures.retain(|_, failures| now.saturating_sub(failures.last) < MEMORY);
        }
        let mut entry = self.failures.entry(token_hash(subject)).or_insert(Failures { count: 0, last: now });
        if now.saturating_sub(entry.last) >= MEMORY {
            entry.count = 0;
        }
        entry.count += 1;
        entry.last = now;
    }

    /// Forgets a subject's failures.
    pub(crate) fn succeeded(&self, subject: &str) {
        self.failures.remove(&token_hash(subject));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_few_failures_are_free_then_the_wait_doubles() {
        let throttle = Throttle::default();
        for _ in 0..FREE {
            throttle.failed("a", SECOND);
            assert_eq!(throttle.check("a", SECOND), Ok(()));
        }
        throttle.failed("a", SECOND);
        assert_eq!(throttle.check("a", SECOND), Err(3));
        assert_eq!(throttle.check("b", SECOND), Ok(()));
        assert_eq!(throttle.check("a", SECOND * 3), Ok(()));
        throttle.failed("a", SECOND * 3);
        assert_eq!(throttle.check("a", SECOND * 4), Err(4));
    }

    #[test]
    fn a_success_forgets_and_so_does_time() {
        let throttle = Throttle::default();
        for _ in 0..FREE + 3 {
            throttle.failed("a", SECOND);
            throttle.failed("b", SECOND);
        }
        throttle.succeeded("a");
        assert_eq!(throttle.check("a", SECOND), Ok(()));
        throttle.failed("b", SECOND + MEMORY);
        assert_eq!(throttle.check("b", SECOND + MEMORY), Ok(()));
    }

    #[test]
    fn no_wait_is_longer_than_the_longest() {
        let throttle = Throttle::default();
        for _ in 0..100 {
            throttle.failed("a", SECOND);
        }
        assert_eq!(throttle.check("a", SECOND), Err(LONGEST_WAIT.as_secs() + 1));
    }
}
