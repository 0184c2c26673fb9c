//! Sessions: how one opens, changes hands, changes status and ends.
//!
//! Each function takes what was loaded and returns [`Effects`]: the rows as they are to be, beside
//! the rows as they were. Storage writes them, one by one, with their change records.

pub mod change_status;
pub mod end;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod hand_over;
pub mod open;
pub mod ownership;
pub mod take_over;
pub mod watch;

use crate::{Chance, Policy, Refusal};
use millrace_protocol::session::Session;
use millrace_protocol::status::{CurrentStatus, StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, KioskId, SessionId, StationId, StatusEventId, WorkerId};

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
    /// The lease of an ended session ends.
    Release {
        /// Of which session.
        session: SessionId,
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
fn changed(old: &Session, change: impl FnOnce(&mut Session)) -> (Effect, Session) {
    let mut new = old.clone();
    change(&mut new);
    new.version += 1;
    (Effect::Session { old: Some(Box::new(old.clone())), new: Box::new(new.clone()) }, new)
}

/// A status event's next version, changed by `change`.
fn amended(old: &StatusEvent, change: impl FnOnce(&mut StatusEvent)) -> (Effect, StatusEvent) {
    let mut new = old.clone();
    change(&mut new);
    new.version += 1;
    (Effect::StatusEvent { old: Some(Box::new(old.clone())), new: Box::new(new.clone()) }, new)
}

/// A status event that begins.
fn begun(
    session: SessionId,
    definition: &StatusDefinition,
    from: Timestamp,
    epoch: u32,
    moment: &Moment<'_>,
) -> StatusEvent {
    StatusEvent {
        id: StatusEventId(moment.chance.uuid(moment.now)),
        session_id: session,
        status_definition_id: definition.id,
        status: CurrentStatus::from(definition),
        reason_id: None,
        note: None,
        started_at: from,
        ended_at: None,
        epoch,
        version: 1,
    }
}

/// The effect of a new status event.
fn made(event: &StatusEvent) -> Effect {
    Effect::StatusEvent { old: None, new: Box::new(event.clone()) }
}
