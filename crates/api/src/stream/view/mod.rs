//! What each stream shows: its snapshot and its filter. Nothing else is to be written for a stream.

mod active_sessions;
mod kiosk;

use super::frame::Event;
use async_trait::async_trait;
use millrace_domain::change::{Change, Row};
use millrace_domain::storage::{ChangeLog, Result};
use millrace_protocol::KioskId;
use serde::Serialize;

/// Names a topic: a stream with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TopicKey {
    /// The open sessions of the whole floor.
    ActiveSessions,
    /// What concerns one kiosk.
    Kiosk(KioskId),
}

/// A snapshot as a view takes it.
#[derive(Debug)]
pub(super) struct Taken {
    /// The last offset it contains.
    pub(super) offset: u64,
    /// What `initial` says besides position, reason and time: a JSON object.
    pub(super) members: String,
}

impl Taken {
    fn new(offset: u64, members: &impl Serialize) -> Self {
        Self { offset, members: super::frame::json(members) }
    }
}

/// One stream's snapshot and filter.
#[async_trait]
pub(super) trait View: Send + Sync {
    /// What is so now.
    async fn snapshot(&self, log: &dyn ChangeLog) -> Result<Taken>;

    /// The events a change makes; none for a change that does not concern this topic.
    fn events(&self, change: &Change) -> Vec<Event>;

    /// Whether snapshot and events tell everything. Where they don't, a snapshot can't be shared with who comes later.
    fn complete(&self) -> bool {
        true
    }
}

impl TopicKey {
    /// The view behind it.
    pub(super) fn view(self) -> Box<dyn View> {
        match self {
            Self::ActiveSessions => Box::new(active_sessions::ActiveSessions),
            Self::Kiosk(kiosk) => Box::new(kiosk::Kiosk(kiosk)),
        }
    }

    /// Which stream it is, as metrics name it.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::ActiveSessions => "active_sessions",
            Self::Kiosk(_) => "kiosk",
        }
    }

    /// The topics that exist without readers: they always have a past to resume from.
    pub(super) const STANDING: [Self; 1] = [Self::ActiveSessions];

    /// The topics that a change may concern: every one whose view makes an event of it, perhaps more.
    pub(super) fn concerned(change: &Change, into: &mut Vec<Self>) {
        into.clear();
        match &change.row {
            Row::Sessions { owner, .. } => {
                into.push(Self::ActiveSessions);
                into.extend(owner.map(Self::Kiosk));
            }
            Row::Claims { old, .. } => into.extend(old.as_ref().map(|claimant| Self::Kiosk(claimant.kiosk))),
            // No stream shows them yet.
            _ => {}
        }
    }
}
