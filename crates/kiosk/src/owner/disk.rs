//! This kiosk's disk, where it fails: that is said at once, and looked at again until it is well.

use super::Owner;
use crate::store::StoreError;
use crate::view::Notice;
use millrace_protocol::Code;
use std::time::Duration;

/// How often a disk that failed is tried.
const TRY: Duration = Duration::from_secs(15);

/// What the screen says of a disk that fails.
pub(crate) fn notice() -> Notice {
    Notice { code: Code::Disk, detail: "This kiosk's disk can't be written. Tell your supervisor.".into() }
}

/// What it says of one that can't even be opened.
pub(crate) fn unusable() -> Notice {
    let detail = "This kiosk's disk can't be used, so nothing can be saved here. Tell your supervisor.";
    Notice { code: Code::Disk, detail: detail.into() }
}

impl Owner {
    /// Passes on what came of writing, and keeps for the screen whether it worked.
    pub(super) fn wrote<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        match &outcome {
            Ok(_) => self.disk = None,
            Err(error) => {
                tracing::error!(%error, "the kiosk's disk");
                self.disk = Some(notice());
                self.disk_due = self.clock.monotonic() + TRY;
            }
        }
        outcome
    }

    /// Tries a disk that failed: nobody should have to tap something to find out that it is well again.
    pub(super) async fn try_disk(&mut self) {
        if self.disk.is_some() && self.clock.monotonic() >= self.disk_due {
            let tried = self.store.remember("tried", &(), self.clock.now()).await;
            // Said already.
            drop(self.wrote(tried));
        }
    }
}
