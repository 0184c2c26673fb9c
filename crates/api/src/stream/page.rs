//! What a reader needs and the ring no longer has, read from the change log.

use super::distributor::Distributor;
use super::frame;
use super::fresh::Fresh;
use super::line::Line;
use super::topic::Topic;
use bytes::Bytes;
use millrace_domain::storage::Result;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A stretch of the log as a connection shows it.
#[derive(Debug)]
pub(super) enum Page {
    /// Its events, and the last offset it covers.
    Read {
        /// The events in pieces; none where none of the changes concerns the connection.
        pieces: Vec<Bytes>,
        /// The last offset it covers.
        upto: u64,
    },
    /// The log does not have all of it any more.
    Hole,
}

/// Reads the changes after `position`. Offsets are dense, so a missing one is seen.
pub(super) async fn read(hub: Arc<Distributor>, lines: Arc<[Line]>, position: u64) -> Result<Page> {
    let Some(stretch) = stretch(&hub, position).await? else { return Ok(Page::Hole) };
    let mut told = Vec::new();
    for line in lines.iter() {
        let made = stretch.of(&line.seat.topic, &hub.epoch);
        let missing = made.iter().filter(|(offset, _)| *offset > position);
        let before = told.len();
        told.extend(missing.map(|(offset, bytes)| (*offset, line.name.as_deref(), bytes.clone())));
        line.seat.topic.delivered.increment((told.len() - before) as u64);
    }
    // Stable: of one offset the topics stay in the order of the connection.
    told.sort_by_key(|(offset, ..)| *offset);
    let mut pieces = Vec::new();
    for together in told.chunk_by(|one, other| one.0 == other.0) {
        let parts = together.iter().map(|(_, name, bytes)| (*name, bytes.clone())).collect();
        frame::join(&mut pieces, &hub.cursor(together[0].0), parts);
    }
    Ok(Page::Read { pieces, upto: stretch.last().max(position) })
}

/// Changes in order, without a hole; at least the one after `position` is among them.
async fn stretch(hub: &Distributor, position: u64) -> Result<Option<Arc<Stretch>>> {
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
    let stretch = Arc::new(Stretch { changes: changes.into_iter().map(Fresh::new).collect(), made: Mutex::default() });
    pages.keep(stretch.clone());
    Ok(Some(stretch))
}

/// The events of a topic, with their offsets.
type Made = Arc<[(u64, Bytes)]>;

/// Changes that follow each other, and what was made of them for the topics that asked.
#[derive(Debug)]
struct Stretch {
    changes: Box<[Fresh]>,
    /// The topics are held weakly: this keeps none of them, and no other takes the place of one.
    made: Mutex<Vec<(Weak<Topic>, Made)>>,
}

impl Stretch {
    /// The events of a topic; made by whoever asks first.
    fn of(&self, topic: &Arc<Topic>, epoch: &str) -> Made {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let is_of = |known: &Weak<Topic>| std::ptr::eq(known.as_ptr(), Arc::as_ptr(topic));
        if let Some((_, events)) = made.iter().find(|(known, _)| is_of(known)) {
            return events.clone();
        }
        let events = self.changes.iter();
        let events: Made = events.filter_map(|change| Some((change.offset, topic.bytes_of(epoch, change)?))).collect();
        made.push((Arc::downgrade(topic), events.clone()));
        events
    }

    fn first(&self) -> u64 {
        self.changes.first().map_or(u64::MAX, |change| change.offset)
    }

    fn last(&self) -> u64 {
        self.changes.last().map_or(0, |change| change.offset)
    }
}

/// How many stretches are kept.
const KEPT: usize = 8;

/// The stretches of the log that were read last: after a cut many readers want the same.
#[derive(Debug, Default)]
pub(super) struct Pages(VecDeque<Arc<Stretch>>);

impl Pages {
    /// One that has the change after this position.
    fn after(&self, position: u64) -> Option<Arc<Stretch>> {
        let has = |stretch: &&Arc<Stretch>| stretch.first() <= position + 1 && position < stretch.last();
        // The one that reaches furthest: at the end of the log a later one has more.
        self.0.iter().filter(has).max_by_key(|stretch| stretch.last()).cloned()
    }

    fn keep(&mut self, stretch: Arc<Stretch>) {
        self.0.push_back(stretch);
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    /// Forgets what is below the beginning of the log.
    pub(super) fn forget(&mut self, floor: u64) {
        self.0.retain(|stretch| stretch.first() > floor);
    }
}
