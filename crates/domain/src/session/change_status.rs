//! A change of status, live or late, and the reason given afterwards.

use super::{Effects, Live, Moment, amended, begun, changed, made};
use crate::status::StatusChange;
use millrace_protocol::ReasonId;
use millrace_protocol::session::{Contact, Session};
use millrace_protocol::status::{CurrentStatus, StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;

/// Ends the open event and begins the next at the same instant; the session mirrors it.
/// A live action is contact: its kiosk is online.
#[must_use]
pub fn change_status(
    live: &Live,
    definition: &StatusDefinition,
    change: &StatusChange,
    at: Timestamp,
    moment: &Moment<'_>,
) -> (Live, Effects) {
    let at = at.max(live.event.started_at);
    let (closed, _) = amended(&live.event, |event| event.ended_at = Some(at));
    let mut event = begun(live.session.id, definition, at, live.epoch, moment);
    event.reason_id = change.reason;
    event.note.clone_from(&change.note);
    let (updated, session) = changed(&live.session, |session| {
        session.current_status_id = Some(definition.id);
        session.current_status = Some(CurrentStatus::from(definition));
        session.last_status_change_at = at;
        session.contact = Contact::Online;
        session.last_contact_at = None;
    });
    let effects = vec![closed, made(&event), updated];
    (Live { session, event, epoch: live.epoch }, effects)
}

/// Writes a change of status into history: the event that covers `at` ends there, and the new one
/// runs to where that one had ended. The session's current status is not touched.
#[must_use]
pub fn change_status_late(
    covering: &StatusEvent,
    definition: &StatusDefinition,
    change: &StatusChange,
    at: Timestamp,
    moment: &Moment<'_>,
) -> (StatusEvent, Effects) {
    let (cut, _) = amended(covering, |event| event.ended_at = Some(at));
    let mut event = begun(covering.session_id, definition, at, covering.epoch, moment);
    event.ended_at = covering.ended_at;
    event.reason_id = change.reason;
    event.note.clone_from(&change.note);
    let effects = vec![cut, made(&event)];
    (event, effects)
}

/// Gives a status event of an open session its reason, or another one.
/// A live action is contact: its kiosk is online.
#[must_use]
pub fn give_reason(
    session: &Session,
    event: &StatusEvent,
    reason: ReasonId,
    note: Option<&str>,
) -> (Session, StatusEvent, Effects) {
    let (event, explained) = give_reason_late(event, reason, note);
    let (session, back) = heard(session).unwrap_or_else(|| (session.clone(), vec![]));
    (session, event, [explained, back].concat())
}

/// Gives a status event in history its reason, or another one. The session is not touched.
#[must_use]
pub fn give_reason_late(event: &StatusEvent, reason: ReasonId, note: Option<&str>) -> (StatusEvent, Effects) {
    let (explained, event) = amended(event, |event| {
        event.reason_id = Some(reason);
        if let Some(note) = note {
            event.note = Some(note.to_owned());
        }
    });
    (event, vec![explained])
}

/// Brings a session's contact back, where it was gone. No effect where it was not: a heartbeat is no change.
#[must_use]
pub fn heard(session: &Session) -> Option<(Session, Effects)> {
    (session.contact != Contact::Online).then(|| {
        let (effect, new) = changed(session, |session| {
            session.contact = Contact::Online;
            session.last_contact_at = None;
        });
        (new, vec![effect])
    })
}

#[cfg(test)]
mod tests {
    use super::super::Effect;
    use super::super::fixtures::{FixedChance, at, definition, live};
    use super::*;
    use crate::Policy;
    use crate::status::PRODUCTION;
    use proptest::prelude::*;

    const PLAIN: StatusChange = StatusChange { reason: None, note: None };

    #[test]
    fn one_event_ends_as_the_next_begins_and_the_session_mirrors_it() {
        let policy = Policy::default();
        let moment = Moment { now: at(700), chance: &FixedChance, policy: &policy };
        let definition = definition(PRODUCTION);
        let (after, effects) = change_status(&live(), &definition, &PLAIN, at(600), &moment);
        assert!(matches!(&effects[0], Effect::StatusEvent { new, .. } if new.ended_at == Some(at(600))));
        assert_eq!(after.event.started_at, at(600));
        assert_eq!(after.session.current_status_id, Some(definition.id));
        assert_eq!(after.session.last_status_change_at, at(600));
    }

    #[test]
    fn a_late_change_cuts_history_and_leaves_no_hole() {
        let policy = Policy::default();
        let moment = Moment { now: at(9_000), chance: &FixedChance, policy: &policy };
        let mut covering = live().event;
        covering.ended_at = Some(at(1_000));
        let (event, effects) = change_status_late(&covering, &definition(PRODUCTION), &PLAIN, at(400), &moment);
        assert!(matches!(&effects[0], Effect::StatusEvent { new, .. } if new.ended_at == Some(at(400))));
        assert_eq!((event.started_at, event.ended_at), (at(400), Some(at(1_000))));
        assert_eq!(event.epoch, covering.epoch);
    }

    #[test]
    fn a_heartbeat_of_a_kiosk_that_is_online_changes_nothing() {
        let mut session = live().session;
        assert!(heard(&session).is_none());
        session.contact = Contact::Lost;
        session.last_contact_at = Some(at(1));
        let (back, _) = heard(&session).expect("comes back");
        assert_eq!((back.contact, back.last_contact_at), (Contact::Online, None));
    }

    #[test]
    fn a_reason_is_contact_too() {
        let live = live();
        let mut lost = live.session.clone();
        lost.contact = Contact::Lost;
        lost.last_contact_at = Some(at(1));
        let reason = ReasonId(uuid::Uuid::nil());
        let (session, event, effects) = give_reason(&lost, &live.event, reason, None);
        assert_eq!((session.contact, session.last_contact_at), (Contact::Online, None));
        assert_eq!((event.reason_id, event.version, effects.len()), (Some(reason), 2, 2));
        assert_eq!(give_reason(&live.session, &live.event, reason, None).2.len(), 1, "nothing else changed");
    }

    proptest! {
        /// However often and at whatever times the status changes, history has no hole and no overlap.
        #[test]
        fn history_is_gapless(times in proptest::collection::vec(-100i64..5_000, 1..20)) {
            let policy = Policy::default();
            let mut current = live();
            let mut history: Vec<StatusEvent> = vec![];
            for time in times {
                let moment = Moment { now: at(time), chance: &FixedChance, policy: &policy };
                let (after, effects) = change_status(&current, &definition(PRODUCTION), &PLAIN, at(time), &moment);
                for effect in effects {
                    if let Effect::StatusEvent { old: Some(_), new } = effect {
                        history.push(*new);
                    }
                }
                current = after;
            }
            history.push(current.event.clone());
            for pair in history.windows(2) {
                prop_assert_eq!(pair[0].ended_at, Some(pair[1].started_at));
                prop_assert!(pair[0].ended_at >= Some(pair[0].started_at));
            }
            prop_assert_eq!(current.session.last_status_change_at, current.event.started_at);
        }
    }
}
