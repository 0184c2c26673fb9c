//! Time as a parameter. Everything that needs the time or waits is given a [`Clock`].
//!
//! Two hands: [`Clock::now`] is the wall clock, which people set; [`Clock::monotonic`] only runs
//! forward. A rule that compares the two can tell that somebody set the wall clock.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use millrace_protocol::time::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// The wall clock and the monotonic clock of one process.
#[async_trait]
pub trait Clock: Send + Sync + std::fmt::Debug + 'static {
    /// The wall clock.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment of this process; never runs backwards.
    fn monotonic(&self) -> Duration;

    /// Waits until [`Clock::monotonic`] has advanced by this much.
    async fn sleep(&self, duration: Duration);
}

/// The clock of the machine.
#[derive(Debug)]
pub struct SystemClock {
    started: std::time::Instant,
}

impl SystemClock {
    /// A clock whose monotonic hand starts now.
    #[must_use]
    pub fn new() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clocks")]
        Self { started: std::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clocks")]
        let now: DateTime<Utc> = Utc::now();
        now.into()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        #[expect(clippy::disallowed_methods, reason = "this is what everybody else is to call")]
        tokio::time::sleep(duration).await;
    }
}

/// The machine's clock plus what a test has advanced it by. Sleepers wake when it is advanced past them.
#[derive(Debug)]
pub struct DrivenClock {
    system: SystemClock,
    wall_millis: AtomicI64,
    advanced: watch::Sender<Duration>,
}

impl DrivenClock {
    /// A clock that shows the machine's time until it is advanced.
    #[must_use]
    pub fn new() -> Self {
        Self {
            system: SystemClock::new(),
            wall_millis: AtomicI64::new(0),
            advanced: watch::Sender::new(Duration::ZERO),
        }
    }

    /// Lets time pass: both hands move, sleepers wake.
    pub fn advance(&self, by: Duration) {
        self.jump_wall(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
        self.advanced.send_modify(|total| *total += by);
    }

    /// Sets the wall clock forward (or back) without any time passing, as a person or NTP may.
    pub fn jump_wall(&self, by_millis: i64) {
        self.wall_millis.fetch_add(by_millis, Ordering::Relaxed);
    }
}

impl Default for DrivenClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Clock for DrivenClock {
    fn now(&self) -> Timestamp {
        self.system.now().plus_millis(self.wall_millis.load(Ordering::Relaxed))
    }

    fn monotonic(&self) -> Duration {
        self.system.monotonic() + *self.advanced.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        let mut advanced = self.advanced.subscribe();
        let until = self.monotonic() + duration;
        loop {
            let left = until.saturating_sub(self.monotonic());
            if left.is_zero() {
                return;
            }
            #[expect(clippy::disallowed_methods, reason = "this is what everybody else is to call")]
            let passed = tokio::time::sleep(left);
            tokio::select! {
                () = passed => {}
                // The sender lives in self, so this can't fail while we are polled.
                _ = advanced.changed() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_clock_is_advanced_past_him() {
        let clock = Arc::new(DrivenClock::new());
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(3600)).await }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(3599));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(2));
        sleeper.await.expect("wakes");
    }

    #[test]
    fn setting_the_wall_clock_leaves_the_monotonic_hand_alone() {
        let clock = DrivenClock::new();
        let (wall, steady) = (clock.now(), clock.monotonic());
        clock.jump_wall(60_000);
        assert!(clock.now().millis_since(wall) >= 60_000);
        assert!(clock.monotonic() - steady < Duration::from_secs(30));
    }
}
