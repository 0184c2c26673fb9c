//! Sessions: how one opens, changes hands, changes status and ends.
//!
//! Each function takes what was loaded and returns [`Effects`]: the rows as they are to be, beside
//! the rows as they were. Storage writes them, one by one, with their change records.

pub mod addition;
pub mod bind;
pub mod change_status;
pub mod end;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod forgotten;
pub mod hand_over;
pub mod open;
pub mod ownership;
pub mod recover;
pub mod take_over;
pub mod uncounted;
pub mod undo;
pub mod watch;

use crate::people::MeantFor;
use crate::{Chance, Policy, Refusal};
use millrace_protocol::floor::{Approval, Call};
use millrace_protocol::quantity::QuantityEntry;
use millrace_protocol::report::Report;
use millrace_protocol::session::Session;
use millrace_protocol::status::{CurrentStatus, MachineState, StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, JobItemId, KioskId, SessionId, StationId, StatusEventId, WorkerId};

/// The moment a command is decided in, and what it is decided with.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Read once per command, from the database's clock.
    pub now: Timestamp,
    /// For new ids.
    pub chance: &'a dyn Chance,
    /// The plant's limits.
    pub policy: &'a Policy,
}

/// A worker as a session remembers him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerSnapshot {
    /// His id.
    pub id: WorkerId,
    /// His code.
    pub code: String,
    /// His name.
    pub name: String,
    /// The stations he is meant for.
    pub meant_for: MeantFor,
}

/// A station as a session remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StationSnapshot {
    /// Its id.
    pub id: StationId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its area's name.
    pub area: Option<String>,
    /// A stop shorter than this asks nothing, in milliseconds; absent: the plant's limit.
    pub minor_stop_ms: Option<u64>,
}

/// Who claims: a running program on an enrolled kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimer {
    /// The kiosk.
    pub kiosk: KioskId,
    /// The program's own id.
    pub instance: InstanceId,
}

/// A session that is open, with its open status event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// The session.
    pub session: Session,
    /// The stretch it is in.
    pub event: StatusEvent,
    /// The epoch that owns it.
    pub epoch: u32,
}

/// One row as it is to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// A session, made (no `old`) or changed.
    Session {
        /// Before.
        old: Option<Box<Session>>,
        /// After.
        new: Box<Session>,
    },
    /// A status event, made (no `old`) or changed.
    StatusEvent {
        /// Before.
        old: Option<Box<StatusEvent>>,
        /// After.
        new: Box<StatusEvent>,
    },
    /// Pieces were counted: an entry in the ledger, and the balance of its step.
    Count(Box<QuantityEntry>),
    /// A report, made (no `old`) or changed.
    Report {
        /// Before.
        old: Option<Box<Report>>,
        /// After.
        new: Box<Report>,
        /// The kiosk it came from.
        kiosk: Option<KioskId>,
    },
    /// An approval, asked for (no `old`) or changed.
    Approval {
        /// Before.
        old: Option<Box<Approval>>,
        /// After.
        new: Box<Approval>,
    },
    /// A call, made (no `old`) or changed.
    Call {
        /// Before.
        old: Option<Box<Call>>,
        /// After.
        new: Box<Call>,
    },
    /// An item is in production: from its first time on its steps stand still.
    Freeze {
        /// Which.
        item: JobItemId,
        /// Since when.
        at: Timestamp,
    },
    /// A setup began at a station: approvals of first products end there.
    SetupBegan {
        /// Where.
        station: StationId,
        /// When.
        at: Timestamp,
    },
    /// A claim begins; the one before it ends at the same moment.
    Claim {
        /// On which session.
        session: SessionId,
        /// Whose.
        claimer: Claimer,
        /// 1, 2, 3 …
        epoch: u32,
        /// From when.
        from: Timestamp,
    },
    /// The last claim on a session holds again: its lease is made anew.
    Regain {
        /// On which session.
        session: SessionId,
    },
    /// A setup at a station was none, by an undo or a correction: the approvals that it ended hold again.
    SetupUndone {
        /// Where.
        station: StationId,
        /// When it had begun.
        at: Timestamp,
    },
    /// A session that had ended goes on: what it had asked for and not got then waits again.
    Resume {
        /// Which.
        session: SessionId,
        /// When it had ended.
        ended: Timestamp,
    },
    /// The lease of an ended session ends, and what it had asked for and not got.
    Release {
        /// Of which session.
        session: SessionId,
        /// When.
        at: Timestamp,
    },
}

/// What a command changes, in the order it is to be written: rows that end come before rows that begin.
pub type Effects = Vec<Effect>;

/// A worker holds as many sessions as policy says; beyond it he is told which one is open.
fn within_limit(held: Vec<Session>, policy: &Policy) -> Result<(), Refusal> {
    let limit = usize::try_from(policy.sessions_per_worker).unwrap_or(usize::MAX);
    match held.into_iter().nth(limit.saturating_sub(1)) {
        Some(session) => Err(Refusal::SessionAlreadyExists { session: Box::new(session) }),
        None => Ok(()),
    }
}

/// A session row's next version, changed by `change`.
pub(crate) fn changed(old: &Session, change: impl FnOnce(&mut Session)) -> (Effect, Session) {
    let mut new = old.clone();
    change(&mut new);
    new.version += 1;
    (Effect::Session { old: Some(Box::new(old.clone())), new: Box::new(new.clone()) }, new)
}

/// What is open is called what its station and its worker are called now; what has ended keeps the names of its time.
/// His code stays: the kiosk goes on with the one he came with.
#[must_use]
pub fn renamed(open: &Session, rename: impl Fn(&mut Session)) -> Effects {
    let mut named = open.clone();
    rename(&mut named);
    if named == *open { Vec::new() } else { vec![changed(open, rename).0] }
}

/// A status event's next version, changed by `change`.
pub(crate) fn amended(old: &StatusEvent, change: impl FnOnce(&mut StatusEvent)) -> (Effect, StatusEvent) {
    let mut new = old.clone();
    change(&mut new);
    new.version += 1;
    (Effect::StatusEvent { old: Some(Box::new(old.clone())), new: Box::new(new.clone()) }, new)
}

/// A status event that begins, on the item the session works on.
fn begun(
    session: &Session,
    definition: &StatusDefinition,
    from: Timestamp,
    epoch: u32,
    moment: &Moment<'_>,
) -> StatusEvent {
    StatusEvent {
        id: StatusEventId(moment.chance.uuid(moment.now)),
        session_id: session.id,
        status_definition_id: definition.id,
        status: CurrentStatus::from(definition),
        reason_id: None,
        note: None,
        time_class: Some(definition.time_class),
        job_item_id: session.job_item_id,
        job_item_name: session.job_item_name.clone(),
        job_number: session.job_number.clone(),
        step_id: session.step_id,
        started_at: from,
        ended_at: None,
        unknown: false,
        voided: false,
        estimated: false,
        shifted_from: None,
        epoch,
        version: 1,
    }
}

/// The effect of a new status event.
fn made(event: &StatusEvent) -> Effect {
    Effect::StatusEvent { old: None, new: Box::new(event.clone()) }
}

/// Whether the machine makes parts in a stretch.
#[must_use]
pub fn produces(event: &StatusEvent) -> bool {
    event.status.machine_state == MachineState::Production
}

/// What follows from a stretch that begins: an item's steps freeze, approvals end with a setup.
pub(crate) fn begins(event: &StatusEvent, station: StationId) -> Option<Effect> {
    match (event.status.machine_state, event.job_item_id) {
        (MachineState::Production, Some(item)) => Some(Effect::Freeze { item, at: event.started_at }),
        (MachineState::Setup, _) => Some(Effect::SetupBegan { station, at: event.started_at }),
        (MachineState::Production, None) | (MachineState::Stoppage, _) => None,
    }
}
