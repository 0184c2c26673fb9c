//! A change of status, live or late, and the reason given afterwards.

use super::addition::{self, Added, Extras, add, here};
use super::{Effect, Effects, Live, Moment, amended, begins, begun, changed, made, produces};
use crate::status::{StatusChange, reason_missing_from};
use millrace_protocol::ReasonId;
use millrace_protocol::quantity::EntryKind;
use millrace_protocol::session::{Contact, Session};
use millrace_protocol::status::{CurrentStatus, StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;

/// What has to be known to enter a status.
#[derive(Debug, Clone)]
pub struct Entering<'e> {
    /// The status.
    pub definition: &'e StatusDefinition,
    /// What was asked for.
    pub change: &'e StatusChange,
    /// What comes with it.
    pub extras: &'e Extras,
    /// A stop shorter than this asks nothing, in milliseconds.
    pub minor_stop_ms: u64,
}

/// Ends the open event and begins the next at the same instant; the session mirrors it. Pieces belong to the stretch
/// that ends, the report to the one that begins. A live action is contact: its kiosk is online.
#[must_use]
pub fn change_status(
    live: &Live,
    entering: &Entering<'_>,
    at: Timestamp,
    moment: &Moment<'_>,
) -> (Live, Added, Effects) {
    let Entering { definition, change, extras, minor_stop_ms } = entering;
    let at = at.max(live.event.started_at);
    let (closed, _) = amended(&live.event, |event| event.ended_at = Some(at));
    let mut event = begun(&live.session, definition, at, live.epoch, moment);
    event.reason_id = change.reason;
    event.note.clone_from(&change.note);
    let added = add(&live.session, &live.event, &event, extras, EntryKind::Count, at, moment);
    let left_uncounted = produces(&live.event) && !produces(&event) && added.entry.is_none();
    let (updated, session) = changed(&live.session, |session| {
        session.current_status_id = Some(definition.id);
        session.current_status = Some(CurrentStatus::from(*definition));
        session.last_status_change_at = at;
        session.reason_missing_from = reason_missing_from(definition, change.reason, at, *minor_stop_ms);
        session.count_missing |= left_uncounted;
        added.tally(session);
        here(session);
    });
    let mut effects = vec![closed, made(&event), updated];
    effects.extend(begins(&event, session.station_id));
    effects.extend(added.effects());
    (Live { session, event, epoch: live.epoch }, added, effects)
}

/// Writes a change of status into history: the event that covers `at` ends there, and the new one
/// runs to where that one had ended. The session's totals grow; its current status is not touched.
#[must_use]
pub fn change_status_late(
    session: &Session,
    covering: &StatusEvent,
    entering: &Entering<'_>,
    at: Timestamp,
    moment: &Moment<'_>,
) -> (StatusEvent, Added, Effects) {
    let Entering { definition, change, extras, .. } = entering;
    let (cut, _) = amended(covering, |event| event.ended_at = Some(at));
    let mut event = begun(session, definition, at, covering.epoch, moment);
    event.ended_at = covering.ended_at;
    event.reason_id = change.reason;
    event.note.clone_from(&change.note);
    event.job_item_id = covering.job_item_id;
    event.job_item_name.clone_from(&covering.job_item_name);
    event.job_number.clone_from(&covering.job_number);
    event.step_id = covering.step_id;
    let added = add(session, covering, &event, extras, EntryKind::Count, at, moment);
    let mut effects = vec![cut, made(&event)];
    effects.extend(begins(&event, session.station_id).filter(|effect| matches!(effect, Effect::Freeze { .. })));
    let is_left = produces(covering) && !produces(&event);
    effects.extend(addition::add_late(session, &added, is_left));
    (event, added, effects)
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
    if event.ended_at.is_some() || session.reason_missing_from.is_none() {
        let (session, back) = present(session);
        return (session, event, [explained, back].concat());
    }
    let (updated, session) = changed(session, |session| {
        session.reason_missing_from = None;
        here(session);
    });
    (session, event, [explained, vec![updated]].concat())
}

/// An action that changes nothing else in the session: its kiosk is online, and somebody is there.
#[must_use]
pub fn present(session: &Session) -> (Session, Effects) {
    if session.contact == Contact::Online && session.asked_at.is_none() && session.untouched_since.is_none() {
        return (session.clone(), vec![]);
    }
    let (effect, new) = changed(session, here);
    (new, vec![effect])
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
    use super::super::fixtures::{FixedChance, at, definition, live};
    use super::*;
    use crate::Policy;
    use crate::status::PRODUCTION;
    use proptest::prelude::*;

    fn entered(live: &Live, definition: &StatusDefinition, at: Timestamp, moment: &Moment<'_>) -> (Live, Effects) {
        let (change, extras) = (StatusChange::to(definition.id), Extras::default());
        let entering = Entering { definition, change: &change, extras: &extras, minor_stop_ms: 0 };
        let (live, _, effects) = change_status(live, &entering, at, moment);
        (live, effects)
    }

    #[test]
    fn one_event_ends_as_the_next_begins_and_the_session_mirrors_it() {
        let policy = Policy::default();
        let moment = Moment { now: at(700), chance: &FixedChance, policy: &policy };
        let definition = definition(PRODUCTION);
        let (after, effects) = entered(&live(), &definition, at(600), &moment);
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
        let (definition, extras) = (definition(PRODUCTION), Extras::default());
        let change = StatusChange::to(definition.id);
        let entering = Entering { definition: &definition, change: &change, extras: &extras, minor_stop_ms: 0 };
        let (event, _, effects) = change_status_late(&live().session, &covering, &entering, at(400), &moment);
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
        let (explained, event, effects) = give_reason(&live.session, &live.event, reason, None);
        assert!(live.session.reason_missing_from.is_some(), "a stop without a reason");
        assert_eq!((explained.reason_missing_from, effects.len()), (None, 2), "no more");
        assert_eq!(give_reason(&explained, &event, reason, None).2.len(), 1, "nothing else changed");
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
                let (after, effects) = entered(&current, &definition(PRODUCTION), at(time), &moment);
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
