//! The watch over contacts: runs on the server, with no page open.

use millrace_domain::Clock;
use millrace_domain::session::watch::ran_ahead;
use millrace_domain::storage::Storage;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two looks. Half of what the specification has for the idle sweep, because the same look marks
/// contacts that faded, and a board should not show a dead kiosk as live for long.
const INTERVAL: Duration = Duration::from_secs(5);

/// Looks until the server ends.
pub(crate) async fn run(storage: Arc<dyn Storage>, clock: Arc<dyn Clock>, shutdown: CancellationToken) {
    let mut previous = (clock.now(), clock.monotonic());
    loop {
        let current = (clock.now(), clock.monotonic());
        match storage.sweep(ran_ahead(previous, current)).await {
            Ok(swept) if swept.closed > 0 => {
                tracing::info!(checked = swept.checked, closed = swept.closed, "closed sessions without contact");
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the watch over contacts could not look; it will again"),
        }
        previous = current;
        tokio::select! {
            () = clock.sleep(INTERVAL) => {}
            () = shutdown.cancelled() => return,
        }
    }
}
