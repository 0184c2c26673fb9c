//! The change log and the snapshots that streams begin with.

use super::Result;
use crate::change::{Change, Claimant};
use crate::people::MeantFor;
use async_trait::async_trait;
use millrace_protocol::floor::{Approval, Call, Message, QuarantineEntry};
use millrace_protocol::job::Job;
use millrace_protocol::report::{Report, ReportKind};
use millrace_protocol::session::{Contact, Session};
use millrace_protocol::station::Station;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::stream::{KioskConfig, KioskSeen};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{AreaId, KioskId, SessionId, StationId, WorkerId};

/// Where the log stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Names this history: another database, or one restored from a backup, has another.
    pub epoch: String,
    /// The last offset; 0 for an empty log.
    pub offset: u64,
    /// Changes after this one are still kept.
    pub floor: u64,
}

/// Rows and the position they are true at, read in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot<T> {
    /// The last offset it contains.
    pub offset: u64,
    /// The database's clock.
    pub now: Timestamp,
    /// The rows.
    pub rows: T,
}

/// What the floor as a whole looks like: the rows that streams are drawn from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FloorRows {
    /// Every station, in use or not.
    pub stations: Vec<FloorStation>,
    /// Every open session.
    pub open: Vec<Session>,
    /// The newest few sessions that ended at each station.
    pub ended: Vec<Session>,
    /// Every kiosk that is not revoked.
    pub kiosks: Vec<KioskSeen>,
    /// Every job that is not archived.
    pub jobs: Vec<Job>,
    /// The workers who are meant for some stations, and not for all.
    pub meant_for: Vec<(WorkerId, MeantFor)>,
    /// What a supervisor has yet to acknowledge.
    pub unacknowledged: Unacknowledged,
}

/// A station as the floor has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloorStation {
    /// Its id.
    pub id: StationId,
    /// Short unique name.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What kind of machine it is.
    pub kind: String,
    /// The area it stands in.
    pub area_id: Option<AreaId>,
    /// That area, by name.
    pub area: Option<String>,
    /// Whether it is in use.
    pub active: bool,
}

impl From<&Station> for FloorStation {
    fn from(station: &Station) -> Self {
        Self {
            id: station.id,
            code: station.code.clone(),
            name: station.name.clone(),
            kind: station.kind.clone(),
            area_id: station.area_id,
            area: station.area.clone(),
            active: station.active,
        }
    }
}

/// A session with its history.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionHistory {
    /// The session.
    pub session: Session,
    /// Its stretches, by their start.
    pub status_events: Vec<StatusEvent>,
    /// Its reports, the newest first.
    pub reports: Vec<Report>,
}

/// What concerns one kiosk.
#[derive(Debug, Clone, PartialEq)]
pub struct OfKiosk {
    /// The open session it owns.
    pub session: Option<(Session, Claimant)>,
    /// Messages that nobody there has confirmed, the oldest first.
    pub messages: Vec<Message>,
    /// What it is set up as.
    pub config: KioskConfig,
}

/// What a supervisor has yet to acknowledge.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unacknowledged {
    /// Malfunctions that nobody has looked at.
    pub malfunctions: Vec<Report>,
    /// Calls that nobody has seen.
    pub calls: Vec<Call>,
    /// Approvals that are pending.
    pub approvals: Vec<Approval>,
    /// Actions without a decision.
    pub quarantine: Vec<QuarantineEntry>,
    /// Sessions whose pieces nobody counted, or whose end nobody has confirmed.
    pub unsettled: Vec<Session>,
}

/// How far the log's beginning may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prune {
    /// Changes before this moment are no longer needed.
    pub before: Timestamp,
    /// Neither are those before the newest so many.
    pub keep: u64,
    /// Nothing above this offset is touched, whatever its age.
    pub upto: u64,
    /// How many changes may go in one command: the writer has other work.
    pub most: u32,
}

/// What a pruning came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// How many changes went.
    pub removed: u64,
    /// Changes after this one are still kept.
    pub floor: u64,
}

/// The log: read it, and keep it bounded.
#[async_trait]
pub trait ChangeLog: Send + Sync + 'static {
    /// Where the log stands.
    async fn position(&self) -> Result<Position>;

    /// The changes after `offset`, at most `limit`, in order.
    async fn changes_after(&self, offset: u64, limit: u32) -> Result<Vec<Change>>;

    /// Removes changes from the beginning: a few in one command, always without a hole, never the last one,
    /// which holds the place from which offsets go on.
    async fn prune(&self, prune: Prune) -> Result<Pruned>;

    /// The floor as a whole.
    async fn floor(&self) -> Result<Snapshot<FloorRows>>;

    /// Whether there is such a session.
    async fn has_session(&self, session: SessionId) -> Result<bool>;

    /// A session with its history.
    async fn session_history(&self, session: SessionId) -> Result<Snapshot<Option<SessionHistory>>>;

    /// Reports of a kind, or all: those that are not closed, and those that changed in the last 30 days; the newest
    /// first.
    async fn recent_reports(&self, kind: Option<ReportKind>) -> Result<Snapshot<Vec<Report>>>;

    /// What concerns one kiosk.
    async fn of_kiosk(&self, kiosk: KioskId) -> Result<Snapshot<OfKiosk>>;

    /// Keeps whether kiosks are heard, where that has changed, and tells it.
    async fn hear_kiosks(&self, contacts: Vec<(KioskId, Contact)>) -> Result<()>;
}
