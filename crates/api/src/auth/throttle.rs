//! Slows down whoever guesses secrets: after a few failures in a row, the same subject has to wait.
//!
//! Only failures count, and a success forgets them. A subject is a secret together with whoever guesses it, a kiosk
//! or the peer of a connection: a stranger's guesses make nobody else wait, the owner of the secret least of all.
//! Guesses of one subject are judged one after another; otherwise a thousand at once would all be the first.
//!
//! The answer is 429 at once: a request is never held, other than for the guesses before it.
//!
//! A subject is what a caller wrote, so only its hash is kept: its length is no way to fill the memory.

use crate::error::ApiError;
use crate::secret::token_hash;
use dashmap::DashMap;
use millrace_domain::Clock;
use millrace_domain::storage::TokenHash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;

/// Failures that cost nothing.
const FREE: u32 = 5;
/// The wait after the first failure too many; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Failures older than this are forgotten.
const MEMORY: Duration = Duration::from_secs(900);
/// Beyond so many subjects, those whose time is over are swept out, once in [`SWEEP`].
const SUBJECTS: usize = 10_000;
/// Between two sweeps: each looks at every subject.
const SWEEP: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: Duration,
}

impl Failures {
    /// Whether the next guess may be made now; otherwise the whole seconds it has to wait.
    fn check(&self, now: Duration) -> Result<(), u64> {
        let over = self.count.saturating_sub(FREE);
        if over == 0 {
            return Ok(());
        }
        let wait = FIRST_WAIT.saturating_mul(1 << (over - 1).min(16)).min(LONGEST_WAIT);
        let left = (self.last + wait).saturating_sub(now);
        if left.is_zero() { Ok(()) } else { Err(left.as_secs() + 1) }
    }

    fn add(&mut self, now: Duration) {
        if self.forgotten(now) {
            self.count = 0;
        }
        self.count += 1;
        self.last = now;
    }

    fn forgotten(&self, now: Duration) -> bool {
        now.saturating_sub(self.last) >= MEMORY
    }
}

/// Failures by subject.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    subjects: DashMap<TokenHash, Arc<Mutex<Failures>>>,
    /// When it was last swept, in milliseconds.
    swept: AtomicU64,
}

impl Throttle {
    /// One guess: `judge` says what was right, or none. Whoever goes away before the answer has guessed wrong.
    ///
    /// # Errors
    /// `RATE_LIMITED` for a subject that has to wait; what `judge` fails on, which is no failure of the subject's.
    pub(crate) async fn guess<T>(
        &self,
        subject: &str,
        clock: &dyn Clock,
        judge: impl Future<Output = Result<Option<T>, ApiError>>,
    ) -> Result<Option<T>, ApiError> {
        self.sweep(clock.monotonic());
        let key = token_hash(subject);
        let slot = self.subjects.entry(key).or_default().clone();
        let mut failures = slot.lock().await;
        failures.check(clock.monotonic()).map_err(ApiError::rate_limited)?;
        let before = *failures;
        failures.add(clock.monotonic());
        let judged = judge.await;
        match &judged {
            Ok(None) => {}
            Ok(Some(_)) => {
                *failures = Failures::default();
                // The map's and ours: nobody is waiting for it.
                self.subjects.remove_if(&key, |_, slot| Arc::strong_count(slot) <= 2);
            }
            Err(_) => *failures = before,
        }
        judged
    }

    fn sweep(&self, now: Duration) {
        if self.subjects.len() < SUBJECTS {
            return;
        }
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let swept = self.swept.load(Ordering::Relaxed);
        if millis(now).saturating_sub(swept) < millis(SWEEP) {
            return;
        }
        self.swept.store(millis(now), Ordering::Relaxed);
        // One that is locked is being guessed at.
        self.subjects.retain(|_, slot| slot.try_lock().is_ok_and(|failures| !failures.forgotten(now)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use http::header::RETRY_AFTER;
    use millrace_domain::DrivenClock;
    use millrace_protocol::Code;
    use std::sync::atomic::AtomicU32;

    async fn guess(throttle: &Throttle, clock: &DrivenClock, subject: &str, right: bool) -> Result<bool, u64> {
        let judged = async { Ok(right.then_some(())) };
        let answer = throttle.guess(subject, clock, judged).await;
        answer.map(|right| right.is_some()).map_err(|error| {
            let response = error.into_response();
            assert_eq!(response.status(), 429);
            response.headers()[RETRY_AFTER].to_str().expect("text").parse().expect("seconds")
        })
    }

    async fn wrong(throttle: &Throttle, clock: &DrivenClock, subject: &str, times: u32) {
        for _ in 0..times {
            clock.advance(LONGEST_WAIT);
            assert_eq!(guess(throttle, clock, subject, false).await, Ok(false));
        }
    }

    #[tokio::test]
    async fn a_few_failures_are_free_then_the_wait_doubles() {
        let (throttle, clock) = (Throttle::default(), DrivenClock::new());
        for _ in 0..=FREE {
            assert_eq!(guess(&throttle, &clock, "a", false).await, Ok(false));
        }
        assert_eq!(guess(&throttle, &clock, "a", true).await, Err(2), "the right one waits, too");
        assert_eq!(guess(&throttle, &clock, "b", false).await, Ok(false), "another subject does not");
        clock.advance(FIRST_WAIT);
        assert_eq!(guess(&throttle, &clock, "a", false).await, Ok(false));
        assert_eq!(guess(&throttle, &clock, "a", false).await, Err(4));
    }

    #[tokio::test]
    async fn many_guesses_at_once_are_no_more_than_many_in_a_row() {
        let (throttle, clock, judged) = (Throttle::default(), DrivenClock::new(), AtomicU32::new(0));
        let one = || {
            throttle.guess("a", &clock, async {
                judged.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                Ok(None::<()>)
            })
        };
        let answers = futures_util::future::join_all((0..200).map(|_| one())).await;
        assert_eq!(judged.into_inner(), FREE + 1);
        assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 200 - 6);
    }

    #[tokio::test]
    async fn who_leaves_before_the_answer_has_guessed_wrong() {
        let (throttle, clock) = (Throttle::default(), DrivenClock::new());
        for _ in 0..=FREE {
            let mut left =
                Box::pin(throttle.guess("a", &clock, std::future::pending::<Result<Option<()>, ApiError>>()));
            assert!(futures_util::poll!(&mut left).is_pending());
        }
        assert!(guess(&throttle, &clock, "a", false).await.is_err());
    }

    #[tokio::test]
    async fn what_the_server_fails_on_is_not_the_guessers_failure() {
        let (throttle, clock) = (Throttle::default(), DrivenClock::new());
        for _ in 0..20 {
            let failed = async { Err::<Option<()>, _>(ApiError::new(Code::Unavailable, "full")) };
            assert!(throttle.guess("a", &clock, failed).await.is_err());
        }
        assert_eq!(guess(&throttle, &clock, "a", true).await, Ok(true));
    }

    #[tokio::test]
    async fn a_success_forgets_and_so_does_time() {
        let (throttle, clock) = (Throttle::default(), DrivenClock::new());
        wrong(&throttle, &clock, "a", FREE + 3).await;
        clock.advance(LONGEST_WAIT);
        assert_eq!(guess(&throttle, &clock, "a", true).await, Ok(true));
        assert!(throttle.subjects.is_empty());
        assert_eq!(guess(&throttle, &clock, "a", false).await, Ok(false));
        wrong(&throttle, &clock, "b", FREE + 3).await;
        clock.advance(MEMORY);
        assert_eq!(guess(&throttle, &clock, "b", false).await, Ok(false));
        assert_eq!(guess(&throttle, &clock, "b", false).await, Ok(false), "it counts from one again");
    }

    #[tokio::test]
    async fn no_wait_is_longer_than_the_longest() {
        let (throttle, clock) = (Throttle::default(), DrivenClock::new());
        wrong(&throttle, &clock, "a", 40).await;
        assert_eq!(guess(&throttle, &clock, "a", false).await, Err(LONGEST_WAIT.as_secs()));
    }

    #[tokio::test]
    async fn forgotten_subjects_are_swept_out() {
        let (throttle, clock) = (Throttle::default(), DrivenClock::new());
        for n in 0..SUBJECTS {
            wrong(&throttle, &clock, &n.to_string(), u32::from(n > SUBJECTS - 3)).await;
            throttle.subjects.entry(token_hash(&n.to_string())).or_default();
        }
        clock.advance(MEMORY / 2);
        assert_eq!(guess(&throttle, &clock, "new", false).await, Ok(false));
        assert_eq!(throttle.subjects.len(), 3);
    }
}
