//! A session that was closed for want of contact: it comes back, or its end moves to where it was last worked on.
//!
//! From the last contact to when its kiosk was running again nobody knows what the machine did. That time gets a
//! stretch of its own, marked as unknown, so that no figure takes it for what it was before or after.

use super::{Claimer, Effect, Effects, Live, Moment, amended, changed, made};
use crate::status::reason_missing_from;
use millrace_protocol::StatusEventId;
use millrace_protocol::session::{CloseReason, Contact, Session, SessionStatus};
use millrace_protocol::status::{StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;

/// What has to be known to bring a session back.
#[derive(Debug, Clone)]
pub struct Recovery<'r> {
    /// The session, closed provisionally.
    pub session: &'r Session,
    /// Its last stretch.
    pub last: &'r StatusEvent,
    /// The definition of its status, where that is still in use.
    pub definition: Option<&'r StatusDefinition>,
    /// Who brings it back.
    pub claimer: Claimer,
    /// Under which epoch.
    pub epoch: u32,
    /// Whether that is a claim of its own, or the one it was closed under.
    pub is_new_claim: bool,
    /// From when on it is known again what the machine did.
    pub known_from: Timestamp,
    /// Whether pieces are missing that an earlier stretch had made.
    pub count_missing: bool,
    /// A stop shorter than this asks nothing, in milliseconds.
    pub minor_stop_ms: u64,
}

/// Opens a session again, in the status it was closed in.
#[must_use]
pub fn recover(recovery: &Recovery<'_>, moment: &Moment<'_>) -> (Live, Effects) {
    let Recovery { session, last, definition, claimer, epoch, is_new_claim, known_from, count_missing, minor_stop_ms } =
        recovery;
    let (mut effects, mut event) = bridged(last, *known_from, moment);
    // Under a claim of its own it begins anew: an epoch owns the time from its claim on.
    if *is_new_claim && event.id == last.id {
        event = continued(last, last.ended_at.unwrap_or(*known_from), moment);
    }
    event.epoch = *epoch;
    event.ended_at = None;
    let from = event.started_at;
    effects.extend(session.ended_at.map(|ended| Effect::Resume { session: session.id, ended }));
    let (updated, session) = changed(session, |session| {
        session.status = SessionStatus::Active;
        session.close_reason = None;
        session.provisional = false;
        session.ended_at = None;
        session.contact = Contact::Online;
        session.last_contact_at = None;
        session.count_missing = *count_missing;
        let since = session.last_status_change_at;
        let grace_ms = moment.policy.grace_ms(since == session.started_at, *minor_stop_ms);
        session.reason_missing_from =
            definition.and_then(|status| reason_missing_from(status, event.reason_id, since, grace_ms));
        session.recovered_at = Some(moment.now);
    });
    let claim = if *is_new_claim {
        Effect::Claim { session: session.id, claimer: claimer.clone(), epoch: *epoch, from }
    } else {
        Effect::Regain { session: session.id }
    };
    // First: all of this is told to the kiosk that owns it from now on.
    effects.insert(0, claim);
    effects.push(if event.id == last.id { amended(last, |last| last.ended_at = None).0 } else { made(&event) });
    effects.push(updated);
    (Live { session, event, epoch: *epoch }, effects)
}

/// Moves the end of a session to a moment at which it was still worked on: somebody else is there by now, so it does
/// not come back. With `confirmed` its worker has ended it then, and no other end is to come.
#[must_use]
pub fn move_end(
    session: &Session,
    last: &StatusEvent,
    at: Timestamp,
    known_from: Timestamp,
    confirmed: bool,
    moment: &Moment<'_>,
) -> (Session, StatusEvent, Effects) {
    let at = at.max(last.started_at);
    let later = last.ended_at.is_some_and(|ended| at > ended);
    let (mut effects, mut event) =
        if later { bridged(last, known_from.min(at), moment) } else { (vec![], last.clone()) };
    event.ended_at = Some(at);
    effects.push(if event.id == last.id { amended(last, |last| last.ended_at = Some(at)).0 } else { made(&event) });
    if event.id == last.id {
        event.version = last.version + 1;
    }
    let (updated, session) = changed(session, |session| {
        session.ended_at = Some(at);
        if confirmed {
            session.provisional = false;
            session.close_reason = Some(CloseReason::Completed);
        }
    });
    effects.push(updated);
    (session, event, effects)
}

/// The stretch that goes on after the last contact: the last one itself, or the same status anew behind a stretch that
/// nobody knows. What it is in then is for the caller to say: it has no end yet.
fn bridged(last: &StatusEvent, known_from: Timestamp, moment: &Moment<'_>) -> (Effects, StatusEvent) {
    match last.ended_at {
        Some(lost) if known_from > lost => {
            let mut unknown = continued(last, lost, moment);
            unknown.ended_at = Some(known_from);
            unknown.unknown = true;
            (vec![made(&unknown)], continued(last, known_from, moment))
        }
        _ => {
            let mut last = last.clone();
            last.version += 1;
            (vec![], last)
        }
    }
}

/// The same status, on the same item, from a moment on.
fn continued(event: &StatusEvent, from: Timestamp, moment: &Moment<'_>) -> StatusEvent {
    StatusEvent {
        id: StatusEventId(moment.chance.uuid(moment.now)),
        started_at: from,
        ended_at: None,
        version: 1,
        ..event.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::addition::Added;
    use super::super::end::{Ending, close};
    use super::super::fixtures::{at, definition, id, live};
    use super::*;
    use crate::status::STOP;
    use crate::{Policy, SystemChance};
    use millrace_protocol::{InstanceId, KioskId};

    /// Session and last stretch as they are after a provisional end at 300.
    fn lost() -> (Session, StatusEvent) {
        let effects = close(&live(), Ending::idle(at(300)), &Added::default());
        let mut lost = (live().session, live().event);
        for effect in effects {
            match effect {
                Effect::Session { new, .. } => lost.0 = *new,
                Effect::StatusEvent { new, .. } => lost.1 = *new,
                _ => {}
            }
        }
        lost
    }

    fn back(known_from: i64, is_new_claim: bool) -> (Live, Effects) {
        let (session, last) = lost();
        let policy = Policy::default();
        let stop = definition(STOP);
        let recovery = Recovery {
            session: &session,
            last: &last,
            definition: Some(&stop),
            claimer: Claimer { kiosk: KioskId(id(9)), instance: InstanceId(id(8)) },
            epoch: if is_new_claim { 2 } else { 1 },
            is_new_claim,
            known_from: at(known_from),
            count_missing: false,
            minor_stop_ms: 0,
        };
        recover(&recovery, &Moment { now: at(900), chance: &SystemChance, policy: &policy })
    }

    fn events(effects: &Effects) -> Vec<&StatusEvent> {
        let events = effects.iter().filter_map(|effect| match effect {
            Effect::StatusEvent { new, .. } => Some(new.as_ref()),
            _ => None,
        });
        events.collect()
    }

    #[test]
    fn a_kiosk_that_ran_on_knows_what_the_machine_did() {
        let (live, effects) = back(0, false);
        assert_eq!((live.session.status, live.session.ended_at), (SessionStatus::Active, None));
        assert!(!live.session.provisional && live.session.recovered_at == Some(at(900)));
        assert_eq!((live.event.id, live.event.ended_at), (lost().1.id, None));
        assert_eq!(events(&effects), [&live.event], "the same stretch goes on");
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Regain { .. })));
    }

    #[test]
    fn what_happened_while_its_kiosk_was_off_is_unknown() {
        let (live, effects) = back(700, false);
        let [unknown, open] = events(&effects)[..] else { panic!("two stretches: {effects:?}") };
        assert_eq!((unknown.started_at, unknown.ended_at, unknown.unknown), (at(300), Some(at(700)), true));
        assert_eq!((open.started_at, open.ended_at, open.unknown), (at(700), None, false));
        assert_eq!((&live.event, live.session.last_status_change_at), (open, at(0)), "it is in that status since then");
    }

    #[test]
    fn under_a_claim_of_its_own_its_time_begins_there() {
        for known_from in [300, 900] {
            let (live, effects) = back(known_from, true);
            assert_eq!((live.epoch, live.event.epoch, live.event.started_at), (2, 2, at(known_from)));
            assert!(effects.iter().any(|effect| matches!(effect, Effect::Claim { epoch: 2, .. })), "{known_from}");
        }
    }

    #[test]
    fn an_end_moves_to_where_it_was_last_worked_on() {
        let (session, last) = lost();
        let policy = Policy::default();
        let moment = Moment { now: at(900), chance: &SystemChance, policy: &policy };
        let (moved, event, effects) = move_end(&session, &last, at(500), at(0), false, &moment);
        assert_eq!((moved.ended_at, moved.provisional), (Some(at(500)), true));
        assert_eq!((event.id, event.ended_at, events(&effects).len()), (last.id, Some(at(500)), 1));
        let (ended, event, effects) = move_end(&session, &last, at(500), at(450), true, &moment);
        assert_eq!((ended.provisional, ended.close_reason), (false, Some(CloseReason::Completed)));
        let [unknown, behind] = events(&effects)[..] else { panic!("two stretches: {effects:?}") };
        assert_eq!((unknown.ended_at, unknown.unknown), (Some(at(450)), true));
        assert_eq!((behind, event.ended_at), (&event, Some(at(500))));
        let (earlier, event, _) = move_end(&session, &last, at(200), at(0), true, &moment);
        assert_eq!(
            (earlier.ended_at, event.ended_at),
            (Some(at(200)), Some(at(200))),
            "its worker had ended it before"
        );
    }
}
