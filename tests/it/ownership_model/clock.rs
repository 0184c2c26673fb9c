//! A clock that stands still unless it is moved: then the model knows every moment to the millisecond.

use async_trait::async_trait;
use millrace_domain::Clock;
use millrace_protocol::time::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// When every case begins.
pub const BEGINNING: i64 = 1_800_000_000_000;

/// Both hands, in milliseconds.
#[derive(Debug)]
pub struct StillClock {
    wall: AtomicI64,
    steady: AtomicI64,
}

impl StillClock {
    pub fn new() -> Self {
        Self { wall: AtomicI64::new(BEGINNING), steady: AtomicI64::new(0) }
    }

    /// Time passes.
    pub fn pass(&self, millis: i64) {
        self.steady.fetch_add(millis, Ordering::SeqCst);
        self.jump(millis);
    }

    /// Somebody sets the wall clock.
    pub fn jump(&self, millis: i64) {
        self.wall.fetch_add(millis, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.wall.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.steady.load(Ordering::SeqCst).unsigned_abs())
    }

    async fn sleep(&self, _duration: Duration) {
        // Nothing that a storage does waits for the clock.
        std::future::pending::<()>().await;
    }
}
