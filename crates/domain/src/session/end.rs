//! How a session ends. An ended session stays ended: nothing here opens one.

use super::addition::Added;
use super::{Effect, Effects, Live, amended, changed, produces};
use crate::Refusal;
use millrace_protocol::session::{CloseReason, Contact, SessionStatus, Totals};
use millrace_protocol::time::Timestamp;

/// How and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Completed or aborted.
    pub status: SessionStatus,
    /// Why.
    pub reason: CloseReason,
    /// Whether its kiosk may still bring it back.
    pub provisional: bool,
    /// When.
    pub at: Timestamp,
    /// When its kiosk was last heard, where it ends for want of contact.
    pub last_contact: Option<Timestamp>,
}

impl Ending {
    /// An ordinary end.
    #[must_use]
    pub fn completed(reason: CloseReason, at: Timestamp) -> Self {
        Self { status: SessionStatus::Completed, reason, provisional: false, at, last_contact: None }
    }

    /// Given up: nothing was produced.
    #[must_use]
    pub fn abandoned(at: Timestamp) -> Self {
        Self {
            status: SessionStatus::Aborted,
            reason: CloseReason::Abandoned,
            provisional: false,
            at,
            last_contact: None,
        }
    }

    /// For want of contact, provisionally, at the last contact.
    #[must_use]
    pub fn idle(last_contact: Timestamp) -> Self {
        Self {
            status: SessionStatus::Completed,
            reason: CloseReason::Idle,
            provisional: true,
            at: last_contact,
            last_contact: Some(last_contact),
        }
    }
}

/// Closes a session in the name of a supervisor: where he says no moment, at its last contact.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for a moment that is still to come, or before the open stretch began: it would be
/// lost.
pub fn force(
    live: &Live,
    wished: Option<Timestamp>,
    last_contact: Timestamp,
    now: Timestamp,
) -> Result<Effects, Refusal> {
    let no = |what: &str| Err(Refusal::InvalidTransition { what: what.into() });
    if wished.is_some_and(|at| at > now) {
        return no("This moment is still to come. Choose one that has been.");
    }
    if wished.is_some_and(|at| at < live.event.started_at) {
        return no("The session's status changed after that. Choose a moment after its last change of status.");
    }
    let at = wished.unwrap_or(last_contact).min(now);
    let ending = Ending {
        status: SessionStatus::Aborted,
        reason: CloseReason::Forced,
        provisional: false,
        at,
        last_contact: None,
    };
    Ok(close(live, ending, &Added::default()))
}

/// Closes the open status event, the session and its lease, at one moment: never before the open event began.
/// Running production that nobody counted is marked.
#[must_use]
pub fn close(live: &Live, ending: Ending, added: &Added) -> Effects {
    let at = ending.at.max(live.event.started_at);
    let (event, _) = amended(&live.event, |event| event.ended_at = Some(at));
    let (updated, session) = changed(&live.session, |session| {
        session.status = ending.status;
        session.close_reason = Some(ending.reason);
        session.provisional = ending.provisional;
        session.ended_at = Some(at);
        session.asked_at = None;
        session.reason_missing_from = None;
        session.count_missing |= produces(&live.event) && added.entry.is_none();
        added.tally(session);
        if ending.last_contact.is_some() {
            session.contact = Contact::Lost;
            session.last_contact_at = ending.last_contact;
        }
    });
    let mut effects = vec![event, updated];
    effects.extend(added.effects());
    // Last: all of this is still told to the kiosk that owned it.
    effects.push(Effect::Release { session: session.id, at });
    effects
}

/// Gives up a session that was started by mistake.
///
/// # Errors
/// [`Refusal::InvalidTransition`] when something was produced or counted in it.
pub fn abandon(live: &Live, produced: bool, at: Timestamp) -> Result<Effects, Refusal> {
    if produced || live.session.totals != Totals::default() {
        return Err(Refusal::InvalidTransition {
            what: "Something was produced in this session. End it instead of discarding it.".into(),
        });
    }
    Ok(close(live, Ending::abandoned(at), &Added::default()))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{at, live};
    use super::*;

    fn ended(effects: &Effects) -> (&millrace_protocol::session::Session, &millrace_protocol::status::StatusEvent) {
        let session = effects.iter().find_map(|e| match e {
            Effect::Session { new, .. } => Some(new.as_ref()),
            _ => None,
        });
        let event = effects.iter().find_map(|e| match e {
            Effect::StatusEvent { new, .. } => Some(new.as_ref()),
            _ => None,
        });
        (session.expect("a session"), event.expect("an event"))
    }

    #[test]
    fn an_end_closes_session_event_and_lease_at_one_moment() {
        let effects = close(&live(), Ending::completed(CloseReason::Completed, at(900)), &Added::default());
        let (session, event) = ended(&effects);
        assert_eq!(session.ended_at, Some(at(900)));
        assert_eq!(event.ended_at, Some(at(900)));
        assert!(effects.iter().any(|e| matches!(e, Effect::Release { .. })));
    }

    #[test]
    fn want_of_contact_ends_at_the_last_contact_and_invents_no_time() {
        let effects = close(&live(), Ending::idle(at(300)), &Added::default());
        let (session, event) = ended(&effects);
        assert!(session.provisional);
        assert_eq!((session.ended_at, event.ended_at), (Some(at(300)), Some(at(300))));
        assert_eq!((session.contact, session.last_contact_at), (Contact::Lost, Some(at(300))));
    }

    #[test]
    fn no_event_ends_before_it_began() {
        let mut live = live();
        live.event.started_at = at(400);
        let effects = close(&live, Ending::idle(at(300)), &Added::default());
        assert_eq!(ended(&effects).1.ended_at, Some(at(400)));
    }

    #[test]
    fn a_supervisor_closes_between_the_last_change_and_now() {
        let mut live = live();
        live.event.started_at = at(400);
        let forced = |wished: Option<i64>| force(&live, wished.map(at), at(700), at(900));
        let end = |effects: Result<Effects, Refusal>| ended(&effects.expect("closes")).0.ended_at;
        assert_eq!(end(forced(None)), Some(at(700)), "at the last contact");
        assert_eq!((end(forced(Some(400))), end(forced(Some(900)))), (Some(at(400)), Some(at(900))));
        assert!(forced(Some(399)).is_err() && forced(Some(901)).is_err());
        let effects = forced(None).expect("closes");
        let session = ended(&effects).0;
        assert_eq!((session.status, session.close_reason), (SessionStatus::Aborted, Some(CloseReason::Forced)));
        assert!(!session.provisional, "its kiosk does not bring it back");
    }

    #[test]
    fn what_produced_is_not_discarded() {
        assert!(abandon(&live(), false, at(900)).is_ok());
        assert!(matches!(abandon(&live(), true, at(900)), Err(Refusal::InvalidTransition { .. })));
        let mut counted = live();
        counted.session.totals.scrap = 1;
        assert!(abandon(&counted, false, at(900)).is_err());
    }
}
