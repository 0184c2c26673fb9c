//! Amendments: history is put right without being overwritten without a trace.
//!
//! Each kind is a pure function of what was ([`Past`]) and what it should have been. It returns the rows as they are
//! to be, and the members that change, before and after, for the amendment itself. The ledger is only ever added to;
//! stretches of a session always follow each other without a gap, and none is lost.
//!
//! Deliberately not here: figures. They follow from the rows, before and after.

pub mod count;
pub mod event;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod report;
pub mod times;

use crate::Refusal;
use crate::session::addition::here;
use crate::session::{Effect, Effects, changed, uncounted};
use crate::storage::Actor;
use crate::text::line;
use millrace_protocol::access::Role;
use millrace_protocol::amendment::Correction;
use millrace_protocol::quantity::QuantityEntry;
use millrace_protocol::report::Report;
use millrace_protocol::session::{Session, SessionStatus, Totals};
use millrace_protocol::status::{ReasonWanted, StatusEvent};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{QuantityEntryId, ReportId, StatusEventId};
use serde_json::Value;
use uuid::Uuid;

/// The longest reason of an amendment, in characters.
pub const REASON_MAX: usize = 500;
/// For so long after a session's end a supervisor may put it right, in milliseconds; later an administrator has to.
pub const SUPERVISOR_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// A session with all that happened in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// The session.
    pub session: Session,
    /// Its stretches in their order.
    pub events: Vec<StatusEvent>,
    /// Its entries in the ledger, in order.
    pub entries: Vec<QuantityEntry>,
    /// Its reports, in order.
    pub reports: Vec<Report>,
}

/// Who puts it right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By<'b> {
    /// A user, for this reason.
    User {
        /// His name.
        name: &'b str,
        /// Why.
        why: &'b str,
    },
    /// The worker himself, at his kiosk, while the session is his.
    Worker {
        /// Why, where he says.
        note: Option<&'b str>,
        /// He owns the session now; otherwise he did when he tapped.
        live: bool,
    },
}

/// What an amendment changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// What it is about: an entry, a stretch, a report, or the session itself.
    pub subject: Uuid,
    /// The members that change, as they were.
    pub old: Value,
    /// As they are to be.
    pub new: Value,
    /// The rows.
    pub effects: Effects,
}

/// The name of a correction's kind.
#[must_use]
pub fn kind(correction: &Correction) -> &'static str {
    match correction {
        Correction::Count(_) => "count",
        Correction::AddedCount(_) => "addedCount",
        Correction::Item(_) => "item",
        Correction::Status(_) => "status",
        Correction::Reason(_) => "reason",
        Correction::Boundary(_) => "boundary",
        Correction::Worker(_) => "worker",
        Correction::Start(_) => "start",
        Correction::End(_) => "end",
        Correction::Report(_) => "report",
    }
}

/// The reason of an amendment as it is kept.
///
/// # Errors
/// [`Refusal::Invalid`] for none, and for one that is too long.
pub fn reason(text: &str) -> Result<String, Refusal> {
    line("The reason", text, REASON_MAX)
}

/// A supervisor puts right what is at most seven days old, an administrator anything.
///
/// # Errors
/// [`Refusal::Forbidden`] for a supervisor who comes too late.
pub fn may_amend(by: &Actor, session: &Session, now: Timestamp) -> Result<(), Refusal> {
    let old = session.ended_at.is_some_and(|ended| now.millis_since(ended) > SUPERVISOR_MS);
    if old && by.role != Role::Admin {
        return Err(Refusal::Forbidden {
            what: "This session ended more than seven days ago. Ask an administrator to put it right.".into(),
        });
    }
    Ok(())
}

/// What a worker puts right himself in his own session: what was counted, and what a stretch was.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for anything else.
pub fn of_worker(correction: &Correction) -> Result<(), Refusal> {
    match correction {
        Correction::Count(_)
        | Correction::AddedCount(_)
        | Correction::Item(_)
        | Correction::Status(_)
        | Correction::Reason(_)
        | Correction::Boundary(_) => Ok(()),
        Correction::Worker(_) | Correction::Start(_) | Correction::End(_) | Correction::Report(_) => refused(
            "A worker corrects what he counted and what a stretch was: its item, status, reason and beginning. Ask a \
             supervisor for this.",
        ),
    }
}

impl Past {
    /// A stretch of this session.
    ///
    /// # Errors
    /// [`Refusal::InvalidTransition`] where it has none such.
    pub fn event(&self, id: StatusEventId) -> Result<&StatusEvent, Refusal> {
        let found = self.events.iter().find(|event| event.id == id);
        found.ok_or_else(|| no("This status event is not one of this session. Choose one of its own."))
    }

    /// An entry of this session.
    ///
    /// # Errors
    /// [`Refusal::InvalidTransition`] where it has none such.
    pub fn entry(&self, id: QuantityEntryId) -> Result<&QuantityEntry, Refusal> {
        let found = self.entries.iter().find(|entry| entry.id == id);
        found.ok_or_else(|| no("This count is not one of this session. Choose one of its own."))
    }

    /// A report of this session.
    ///
    /// # Errors
    /// [`Refusal::InvalidTransition`] where it has none such.
    pub fn report(&self, id: ReportId) -> Result<&Report, Refusal> {
        let found = self.reports.iter().find(|report| report.id == id);
        found.ok_or_else(|| no("This report is not one of this session. Choose one of its own."))
    }

    /// What is left of an entry, with all that was taken back of it: good and scrap.
    #[must_use]
    pub fn net(&self, entry: &QuantityEntry) -> (i64, i64) {
        let of = self.entries.iter().filter(|other| other.id == entry.id || other.corrects_id == Some(entry.id));
        of.fold((0, 0), |(good, scrap), entry| (good + entry.good, scrap + entry.scrap))
    }

    /// The stretch that a correction is about, where it is about one of this session: a count is about the one it was
    /// made in.
    #[must_use]
    pub fn concerned(&self, correction: &Correction) -> Option<&StatusEvent> {
        let id = match correction {
            Correction::Count(asked) => self.entry(asked.entry_id).ok()?.status_event_id?,
            Correction::AddedCount(asked) => asked.status_event_id,
            Correction::Item(asked) => asked.status_event_id,
            Correction::Status(asked) => asked.status_event_id,
            Correction::Reason(asked) => asked.status_event_id,
            Correction::Boundary(asked) => asked.status_event_id,
            Correction::Worker(_) | Correction::Start(_) | Correction::End(_) | Correction::Report(_) => return None,
        };
        self.event(id).ok()
    }

    /// Whether a former owner may still put this right: it is about a stretch of his own epoch that is over. What is
    /// not known to be his is not.
    #[must_use]
    pub fn was_of(&self, epoch: u32, correction: &Correction) -> bool {
        self.concerned(correction).is_some_and(|event| event.epoch == epoch && event.ended_at.is_some())
    }

    /// Production that was left and not counted.
    #[must_use]
    pub fn uncounted(&self) -> Vec<&StatusEvent> {
        uncounted::uncounted(&self.events, &self.entries)
    }

    fn is_last(&self, event: &StatusEvent) -> bool {
        self.events.last().is_some_and(|last| last.id == event.id)
    }
}

/// How the session's last stretch asks for its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// Whether its status wants one; absent for a status that is gone.
    pub wanted: Option<ReasonWanted>,
    /// A stop shorter than this asks nothing, in milliseconds.
    pub minor_stop_ms: u64,
}

impl By<'_> {
    fn changed_by(self) -> Option<String> {
        match self {
            Self::User { name, .. } => Some(name.to_owned()),
            Self::Worker { .. } => None,
        }
    }

    fn why(self) -> Option<String> {
        match self {
            Self::User { why, .. } => Some(why.to_owned()),
            Self::Worker { note, .. } => note.map(str::to_owned),
        }
    }

    /// A former owner writes history: what an open session mirrors of now is not his any more.
    fn mirrors(self, session: &Session) -> bool {
        !matches!(self, Self::Worker { live: false, .. }) || session.status != SessionStatus::Active
    }

    /// An action of the owner is contact, and a hand at the kiosk.
    fn touch(self, session: &mut Session) {
        if matches!(self, Self::Worker { live: true, .. }) {
            here(session);
        }
    }
}

/// The session, changed; no effect where nothing of it did.
fn session_changed(old: &Session, by: By<'_>, change: impl FnOnce(&mut Session)) -> Option<Effect> {
    let mut new = old.clone();
    change(&mut new);
    by.touch(&mut new);
    (new != *old).then(|| changed(old, |session| *session = new).0)
}

/// Totals after entries were added; an amendment never takes more than there is.
fn tallied(totals: Totals, good: i64, scrap: i64) -> Result<Totals, Refusal> {
    let sum = |have: u64, more: i64| have.checked_add_signed(more);
    match (sum(totals.good, good), sum(totals.scrap, scrap)) {
        (Some(good), Some(scrap)) => Ok(Totals { good, scrap }),
        _ => Err(Refusal::InvalidQuantities { what: "More would be taken back than was counted.".into() }),
    }
}

fn ended(session: &Session) -> Result<Timestamp, Refusal> {
    match (session.status, session.ended_at) {
        (SessionStatus::Completed | SessionStatus::Aborted, Some(at)) => Ok(at),
        _ => refused("This session is still open. End it first, or close it."),
    }
}

fn no(what: &str) -> Refusal {
    Refusal::InvalidTransition { what: what.to_owned() }
}

fn refused<T>(what: &str) -> Result<T, Refusal> {
    Err(no(what))
}

#[cfg(test)]
mod tests {
    use super::fixtures::{ended_past, past};
    use super::*;

    #[test]
    fn a_supervisor_has_seven_days_and_an_administrator_all_time() {
        let actor = |role| Actor { name: "x".into(), role };
        let past = ended_past();
        let end = past.session.ended_at.expect("ended");
        for (later, supervisor) in [(0, true), (SUPERVISOR_MS, true), (SUPERVISOR_MS + 1, false)] {
            let now = end.plus_millis(later);
            assert_eq!(may_amend(&actor(Role::Supervisor), &past.session, now).is_ok(), supervisor, "{later}");
            assert!(may_amend(&actor(Role::Admin), &past.session, now).is_ok());
        }
        let open = self::past();
        let much_later = open.session.started_at.plus_millis(10 * SUPERVISOR_MS);
        assert!(may_amend(&actor(Role::Supervisor), &open.session, much_later).is_ok(), "it is not over yet");
    }

    #[test]
    fn a_reason_is_given() {
        assert_eq!(reason(" miscounted ").as_deref(), Ok("miscounted"));
        assert!(reason("  ").is_err());
        assert!(reason(&"x".repeat(REASON_MAX + 1)).is_err());
    }
}
