//! The way of committed changes from storage to whoever listens.
//!
//! Whoever commits hands its changes over before it answers anybody, and leaves word how far the log has come. So a
//! listener that waits until it is there has everything that anybody was ever told, and asks no database for it.

use crate::change::Change;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;

/// How far committed changes have been handed over.
#[derive(Debug, Clone, Default)]
pub struct Committed(Arc<AtomicU64>);

impl Committed {
    /// The last offset that was handed over; 0 before the first.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

/// Where committed changes are handed over, in commit order, a batch per commit.
#[derive(Debug)]
pub struct Publisher {
    batches: mpsc::UnboundedSender<Vec<Change>>,
    committed: Committed,
}

impl Publisher {
    /// Hands a batch over. Nobody listens only while the server ends, and then nobody misses it.
    pub fn publish(&self, batch: Vec<Change>) {
        if let Some(last) = batch.last() {
            self.committed.0.store(last.offset, Ordering::Release);
        }
        let _ended = self.batches.send(batch);
    }
}

/// Committed changes, in commit order, a batch per commit.
#[derive(Debug)]
pub struct Commits {
    batches: mpsc::UnboundedReceiver<Vec<Change>>,
    committed: Committed,
}

impl Commits {
    /// Both ends.
    #[must_use]
    pub fn channel() -> (Publisher, Self) {
        let (sender, batches) = mpsc::unbounded_channel();
        let committed = Committed::default();
        (Publisher { batches: sender, committed: committed.clone() }, Self { batches, committed })
    }

    /// How far they go by now, heard or not.
    #[must_use]
    pub fn committed(&self) -> Committed {
        self.committed.clone()
    }

    /// Waits for batches and takes at most so many; 0 means that there will be no more.
    pub async fn take(&mut self, into: &mut Vec<Vec<Change>>, most: usize) -> usize {
        self.batches.recv_many(into, most).await
    }

    /// The next batch, if one is there.
    pub fn try_take(&mut self) -> Option<Vec<Change>> {
        self.batches.try_recv().ok()
    }
}
