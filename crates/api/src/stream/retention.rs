//! Keeps the change log bounded, by age and by count, in steps so small that no command waits for them.
//!
//! A cursor that is older than what is left gets a fresh `initial` that says `too_old`. Nothing is removed that
//! this server has not published yet.

use super::distributor::Distributor;
use super::settings::StreamSettings;
use millrace_domain::Policy;
use millrace_domain::storage::{Prune, Result};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Between two looks at the log's beginning.
const INTERVAL: Duration = Duration::from_secs(60);

/// Between two steps of one look: the writer has better things to do.
const PAUSE: Duration = Duration::from_millis(50);

/// How many changes go in one step: about a millisecond of the writer's time.
const STEP: u32 = 500;

impl Distributor {
    /// Runs until the shutdown.
    pub(super) async fn retain(&self) {
        loop {
            let pause = match self.prune_a_step().await {
                Ok(true) => PAUSE,
                Ok(false) => INTERVAL,
                Err(error) => {
                    tracing::warn!(%error, "the change log can't be pruned; it will be tried again");
                    INTERVAL
                }
            };
            tokio::select! {
                () = self.clock.sleep(pause) => {}
                () = self.shutdown.cancelled() => return,
            }
        }
    }

    /// Removes a few changes; says whether there may be more.
    async fn prune_a_step(&self) -> Result<bool> {
        let StreamSettings { keep, keep_rows, .. } = self.settings;
        let before = self.clock.now().plus_millis(-Policy::signed(u64::try_from(keep.as_millis()).unwrap_or(u64::MAX)));
        let prune = Prune { before, keep: keep_rows, upto: self.head(), most: STEP };
        let pruned = self.log.prune(prune).await?;
        self.floor.fetch_max(pruned.floor, Ordering::AcqRel);
        self.pages.lock().await.forget(pruned.floor);
        if pruned.removed > 0 {
            metrics::counter!("millrace_log_pruned_total").increment(pruned.removed);
        }
        Ok(pruned.removed >= u64::from(STEP))
    }
}
