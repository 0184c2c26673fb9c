//! A change that was committed, and what is made of it once for all who want it.

use super::frame;
use millrace_domain::change::Change;
use millrace_protocol::stream::RowChanged;
use std::ops::Deref;
use std::sync::OnceLock;

/// A committed change.
#[derive(Debug)]
pub(super) struct Fresh {
    change: Change,
    row: OnceLock<Option<TheRow>>,
}

/// The rows as subscriptions get them.
#[derive(Debug)]
pub(super) struct TheRow {
    /// What filters look at.
    pub(super) told: RowChanged,
    /// The same as JSON.
    pub(super) json: String,
}

impl Fresh {
    /// Nothing is made of it yet.
    pub(super) fn new(change: Change) -> Self {
        Self { change, row: OnceLock::new() }
    }

    /// Its rows as subscriptions get them; made by whoever asks first.
    pub(super) fn row(&self, make: impl FnOnce(&Change) -> Option<RowChanged>) -> Option<&TheRow> {
        let made = self.row.get_or_init(|| make(&self.change).map(|told| TheRow { json: frame::json(&told), told }));
        made.as_ref()
    }
}

impl Deref for Fresh {
    type Target = Change;

    fn deref(&self) -> &Change {
        &self.change
    }
}
