//! The newest changes, kept in memory, so that a topic that is opened anew begins with a past.
//!
//! After a restart, and whenever a kiosk comes back, readers resume from a moment ago: the trail serves
//! them without a query.

use super::fresh::Fresh;
use std::collections::VecDeque;
use std::sync::Arc;

/// All changes with offsets above `since`.
#[derive(Debug)]
pub(super) struct Trail {
    changes: VecDeque<Arc<Fresh>>,
    since: u64,
    most: usize,
}

impl Trail {
    /// An empty trail that will hold the changes after `since`.
    pub(super) fn new(since: u64, most: usize) -> Self {
        Self { changes: VecDeque::new(), since, most }
    }

    /// Appends the next change.
    pub(super) fn push(&mut self, change: Arc<Fresh>) {
        self.changes.push_back(change);
        while self.changes.len() > self.most {
            if let Some(gone) = self.changes.pop_front() {
                self.since = gone.offset;
            }
        }
    }

    /// Forgets everything up to `since`.
    pub(super) fn reset(&mut self, since: u64) {
        self.changes.clear();
        self.since = since;
    }

    /// It has everything after this offset.
    pub(super) fn since(&self) -> u64 {
        self.since
    }

    /// What it has after this offset, in order.
    pub(super) fn after(&self, offset: u64) -> Vec<Arc<Fresh>> {
        let known = self.changes.partition_point(|change| change.offset <= offset);
        self.changes.iter().skip(known).cloned().collect()
    }
}
