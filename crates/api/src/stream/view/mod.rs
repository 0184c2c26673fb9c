//! What each stream shows: its snapshot and its filter. Nothing else is to be written for a stream.
//!
//! Most streams show rows: what a change means to them is in the change itself, old row and new row. Two show the
//! floor as a whole, where one change moves what another row says; they are drawn from the one [`Picture`] that the
//! hub keeps. Whatever that has, a stream begins with, too: only history is asked of the database.

mod active_sessions;
mod job_progress;
mod kiosk;
mod notifications;
mod pipeline;
mod realtime;
mod reports;
mod session;
mod stations;

pub(super) use notifications::{asked, told};
pub use pipeline::Pipeline;
pub use realtime::{Scope, Subscription, Subscriptions};

use super::distributor::Distributor;
use super::frame::{self, Event};
use super::fresh::Fresh;
use super::picture::{Moved, Picture};
use async_trait::async_trait;
use bytes::Bytes;
use millrace_domain::change::{Change, Row};
use millrace_domain::storage::Result;
use millrace_protocol::report::ReportKind;
use millrace_protocol::{KioskId, SessionId};
use serde::Serialize;
use std::sync::Arc;

/// Names a topic: a stream with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TopicKey {
    /// The open sessions of the whole floor.
    ActiveSessions,
    /// Every station: who is there, who was, and whether its kiosk is heard.
    Stations,
    /// One session with its history.
    Session(SessionId),
    /// Reports of one kind, or all.
    Reports(Option<ReportKind>),
    /// Jobs in work.
    JobProgress,
    /// What a supervisor has yet to acknowledge.
    Notifications,
    /// What concerns one kiosk.
    Kiosk(KioskId),
    /// What a worker can work on, and where.
    Pipeline(Pipeline),
    /// Changed rows as they are.
    Realtime(Arc<Subscriptions>),
}

/// How a topic comes to its events.
pub(super) enum Shown {
    /// From each change by itself.
    Rows(Box<dyn View>),
    /// From the picture of the floor.
    Picture(Box<dyn Drawn>),
    /// From the picture of the floor, everything anew each time.
    Whole(Pipeline),
}

impl Shown {
    /// The bytes of the events a change makes, if it makes any that can be told from the change alone.
    pub(super) fn bytes_of(&self, epoch: &str, change: &Fresh) -> Option<Bytes> {
        let Self::Rows(view) = self else { return None };
        let events = view.events(change);
        (!events.is_empty()).then(|| frame::change(epoch, change.offset, &events))
    }

    /// Whether snapshot and events tell everything.
    pub(super) fn complete(&self) -> bool {
        match self {
            Self::Rows(view) => view.complete(),
            Self::Picture(_) | Self::Whole(_) => true,
        }
    }
}

/// A snapshot as a view takes it.
#[derive(Debug)]
pub(super) struct Taken {
    /// The last offset it contains.
    pub(super) offset: u64,
    /// How `initial` goes on after position, reason and time: further members of a JSON object, its end, a blank line.
    pub(super) rest: Bytes,
}

impl Taken {
    /// A snapshot with these members: a JSON object.
    pub(super) fn new(offset: u64, members: &impl Serialize) -> Self {
        let members = frame::json(members);
        let members = members.trim_start_matches('{');
        let comma = if members.starts_with('}') { "" } else { "," };
        Self { offset, rest: format!("{comma}{members}\n\n").into() }
    }
}

/// A stream of rows: a snapshot, and a filter that looks at the old and the new row.
#[async_trait]
pub(super) trait View: Send + Sync {
    /// What is so now.
    async fn snapshot(&self, hub: &Distributor) -> Result<Taken>;

    /// The events a change makes; none for a change that does not concern this topic.
    fn events(&self, change: &Fresh) -> Vec<Event>;

    /// Whether snapshot and events tell everything. Where they don't, a snapshot can't be shared with who comes later.
    fn complete(&self) -> bool {
        true
    }
}

/// A stream drawn from the picture of the floor. It can't be drawn from the log again: who was away too long
/// begins anew.
pub(super) trait Drawn: Send + Sync {
    /// What is so now.
    fn taken(&self, picture: &Picture) -> Taken;

    /// The events of what has just moved; none where this topic does not show it.
    fn events(&self, picture: &Picture, moved: &Moved, offset: u64) -> Vec<Event>;
}

impl TopicKey {
    /// What is behind it.
    pub(super) fn shown(&self) -> Shown {
        match self {
            Self::ActiveSessions => Shown::Rows(Box::new(active_sessions::ActiveSessions)),
            Self::Session(id) => Shown::Rows(Box::new(session::OneSession(*id))),
            Self::Reports(kind) => Shown::Rows(Box::new(reports::Reports(*kind))),
            Self::JobProgress => Shown::Rows(Box::new(job_progress::JobProgress)),
            Self::Notifications => Shown::Rows(Box::new(notifications::Notifications)),
            Self::Kiosk(kiosk) => Shown::Rows(Box::new(kiosk::Kiosk(*kiosk))),
            Self::Realtime(wanted) => Shown::Rows(Box::new(realtime::Realtime(wanted.clone()))),
            Self::Stations => Shown::Picture(Box::new(stations::Stations)),
            Self::Pipeline(pipeline) => Shown::Whole(*pipeline),
        }
    }

    /// Whether it is drawn from the picture.
    pub(super) fn is_pictured(&self) -> bool {
        matches!(self, Self::Stations | Self::Pipeline(_))
    }

    /// Whether a change can't name it, so that it looks at every one.
    pub(super) fn is_broad(&self) -> bool {
        matches!(self, Self::Pipeline(_) | Self::Realtime(_))
    }

    /// Which stream it is, as metrics name it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::ActiveSessions => "active_sessions",
            Self::Stations => "stations",
            Self::Session(_) => "session",
            Self::Reports(_) => "reports",
            Self::JobProgress => "job_progress",
            Self::Notifications => "notifications",
            Self::Kiosk(_) => "kiosk",
            Self::Pipeline(_) => "pipeline",
            Self::Realtime(_) => "realtime",
        }
    }

    /// The topics that exist without readers: they always have a past to resume from.
    pub(super) const STANDING: [Self; 5] =
        [Self::ActiveSessions, Self::Stations, Self::Reports(None), Self::JobProgress, Self::Notifications];

    /// The topics by name that a change may concern: every one that makes an event of it, perhaps more.
    pub(super) fn concerned(change: &Change, into: &mut Vec<Self>) {
        into.clear();
        match &change.row {
            Row::Sessions { new, owner, .. } => {
                into.extend([Self::ActiveSessions, Self::Stations, Self::Session(new.id), Self::Notifications]);
                into.extend(owner.map(Self::Kiosk));
            }
            Row::StatusEvents { new, .. } => into.push(Self::Session(new.session_id)),
            Row::Reports { report, .. } => {
                into.extend([Self::Reports(None), Self::Notifications]);
                if let Some(report) = report.any() {
                    into.extend([Self::Reports(Some(report.kind)), Self::Session(report.session_id)]);
                }
            }
            Row::Stations(_) => into.push(Self::Stations),
            Row::Jobs(_) | Row::JobItems { .. } => into.push(Self::JobProgress),
            Row::Approvals(_) | Row::Calls(_) | Row::Quarantine(_) => into.push(Self::Notifications),
            Row::Messages(message) => into.extend(message.any().map(|message| Self::Kiosk(message.kiosk_id))),
            Row::Kiosks(kiosk) => {
                into.push(Self::Stations);
                into.extend(kiosk.any().map(|kiosk| Self::Kiosk(kiosk.id)));
            }
            Row::Claims { old, .. } => into.extend(old.as_ref().map(|claimant| Self::Kiosk(claimant.kiosk))),
            Row::Assignments { .. } | Row::Rights { .. } => {}
        }
    }
}
