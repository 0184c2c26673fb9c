//! The time. A load generator lives in real time; this is the one place that reads it.

use std::time::{Duration, Instant};

/// A moment, for spans within this process.
pub(crate) fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a load generator lives in real time")]
    Instant::now()
}

/// Microseconds since 1970 by the machine's clock: what processes of one machine have in common.
pub(crate) fn wall() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "a load generator lives in real time")]
    chrono::Utc::now().timestamp_micros()
}

/// Waits.
pub(crate) async fn pause(length: Duration) {
    #[expect(clippy::disallowed_methods, reason = "a load generator lives in real time")]
    tokio::time::sleep(length).await;
}

/// Waits until then.
pub(crate) async fn until(moment: Instant) {
    #[expect(clippy::disallowed_methods, reason = "a load generator lives in real time")]
    tokio::time::sleep_until(moment.into()).await;
}
