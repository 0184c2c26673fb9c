//! The watch over contacts: runs on the server, with no page open.

use millrace_domain::Clock;
use millrace_domain::session::watch::ran_ahead;
use millrace_domain::storage::{Result, Storage};
use millrace_protocol::session::SweepAnswer;
use millrace_protocol::time::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// Between two looks. Half of what the specification has for the idle sweep, because the same look marks
/// contacts that faded, and a board should not show a dead kiosk as live for long.
const INTERVAL: Duration = Duration::from_secs(5);

/// Looks at every session, by itself and when it is asked to: in either case it knows when the clocks were compared last.
#[derive(Debug)]
pub(crate) struct Watch {
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    /// Both clocks at the last look that came about.
    previous: Mutex<(Timestamp, Duration)>,
}

impl Watch {
    pub(crate) fn new(storage: Arc<dyn Storage>, clock: Arc<dyn Clock>) -> Self {
        let previous = Mutex::new((clock.now(), clock.monotonic()));
        Self { storage, clock, previous }
    }

    /// One look.
    pub(crate) async fn look(&self) -> Result<SweepAnswer> {
        let mut previous = self.previous.lock().await;
        let current = (self.clock.now(), self.clock.monotonic());
        let swept = self.storage.sweep(ran_ahead(*previous, current)).await?;
        // Only now: a jump that a failed look has seen is still news to the next.
        *previous = current;
        Ok(swept)
    }

    /// Looks until the server ends.
    pub(crate) async fn run(self: Arc<Self>, shutdown: CancellationToken) {
        loop {
            match self.look().await {
                Ok(swept) if swept.closed > 0 => {
                    tracing::info!(checked = swept.checked, closed = swept.closed, "closed sessions without contact");
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the watch over contacts could not look; it will again"),
            }
            tokio::select! {
                () = self.clock.sleep(INTERVAL) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }
}
