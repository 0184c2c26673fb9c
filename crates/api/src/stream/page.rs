//! What a reader needs and the ring no longer has, read from the change log.

use super::distributor::Distributor;
use super::frame;
use super::line::Line;
use bytes::{Bytes, BytesMut};
use millrace_domain::change::Change;
use millrace_domain::storage::Result;
use std::collections::VecDeque;
use std::sync::Arc;

/// A stretch of the log as a connection shows it.
#[derive(Debug)]
pub(super) enum Page {
    /// Its events, and the last offset it covers.
    Read {
        /// The events; empty where none of the changes concerns the connection.
        bytes: Bytes,
        /// The last offset it covers.
        upto: u64,
    },
    /// The log does not have all of it any more.
    Hole,
}

/// Reads the changes after `position`. Offsets are dense, so a missing one is seen.
pub(super) async fn read(hub: Arc<Distributor>, lines: Arc<[Line]>, position: u64) -> Result<Page> {
    let Some(stretch) = stretch(&hub, position).await? else { return Ok(Page::Hole) };
    let mut bytes = BytesMut::new();
    let mut upto = position;
    for change in stretch.iter().filter(|change| change.offset > position) {
        upto = change.offset;
        let mut parts = Vec::new();
        for line in lines.iter() {
            if let Some(made) = line.seat.topic.bytes_of(&hub.epoch, change) {
                line.seat.topic.delivered.increment(1);
                parts.push((line.name.as_deref(), made));
            }
        }
        frame::join(&mut bytes, &hub.cursor(change.offset), &parts);
    }
    Ok(Page::Read { bytes: bytes.freeze(), upto })
}

/// Changes in order, without a hole; at least the one after `position` is among them.
async fn stretch(hub: &Distributor, position: u64) -> Result<Option<Arc<[Change]>>> {
    // One at a time: readers that lag must not take the database from those who work. And whoever waits behind one
    // that wants the same finds it here.
    let mut pages = hub.pages.lock().await;
    if let Some(known) = pages.after(position) {
        return Ok(Some(known));
    }
    let changes = hub.log.changes_after(position, hub.settings.page).await?;
    let dense = changes.iter().zip(position + 1..).all(|(change, offset)| change.offset == offset);
    if changes.is_empty() || !dense {
        // Whatever is kept leads to the same hole: who comes again is to begin anew, not to read up to it once more.
        pages.0.clear();
        return Ok(None);
    }
    let stretch: Arc<[Change]> = changes.into();
    pages.keep(stretch.clone());
    Ok(Some(stretch))
}

/// How many stretches are kept.
const KEPT: usize = 8;

/// The stretches of the log that were read last: after a cut many readers want the same.
#[derive(Debug, Default)]
pub(super) struct Pages(VecDeque<Arc<[Change]>>);

impl Pages {
    /// One that has the change after this position.
    fn after(&self, position: u64) -> Option<Arc<[Change]>> {
        let has = |stretch: &&Arc<[Change]>| {
            let bounds = stretch.first().zip(stretch.last());
            bounds.is_some_and(|(first, last)| first.offset <= position + 1 && position < last.offset)
        };
        // The one that reaches furthest: at the end of the log a later one has more.
        self.0.iter().filter(has).max_by_key(|stretch| stretch.last().map(|last| last.offset)).cloned()
    }

    fn keep(&mut self, stretch: Arc<[Change]>) {
        self.0.push_back(stretch);
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    /// Forgets what is below the beginning of the log.
    pub(super) fn forget(&mut self, floor: u64) {
        self.0.retain(|stretch| stretch.first().is_some_and(|first| first.offset > floor));
    }
}
