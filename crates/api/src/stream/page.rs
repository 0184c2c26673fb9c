//! What a reader needs and the ring no longer has, read from the change log.

use super::distributor::Distributor;
use super::frame;
use super::line::Line;
use bytes::{Bytes, BytesMut};
use millrace_domain::storage::Result;
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
    // Few at a time: readers that lag must not take the database from those who work.
    let _turn = hub.log_turns.acquire().await;
    let changes = hub.log.changes_after(position, hub.settings.page).await?;
    let dense = changes.iter().zip(position + 1..).all(|(change, offset)| change.offset == offset);
    let Some(last) = changes.last().filter(|_| dense) else { return Ok(Page::Hole) };
    let mut bytes = BytesMut::new();
    for change in &changes {
        let mut parts = Vec::new();
        for line in lines.iter() {
            if let Some(made) = line.seat.topic.bytes_of(&hub.epoch, change) {
                line.seat.topic.delivered.increment(1);
                parts.push((line.name.as_deref(), made));
            }
        }
        frame::join(&mut bytes, &hub.cursor(change.offset), &parts);
    }
    Ok(Page::Read { bytes: bytes.freeze(), upto: last.offset })
}
