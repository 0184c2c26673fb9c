//! Who is heard, and what happens to sessions that are not.

use super::addition::Added;
use super::changed;
use super::{Effects, Live, end};
use crate::Policy;
use millrace_protocol::session::{Contact, Session};
use millrace_protocol::status::MachineState;
use millrace_protocol::time::Timestamp;
use std::time::Duration;

/// The server did not watch for so long that what it knows of contacts is worth nothing, in milliseconds.
pub const BLIND_MS: i64 = 60_000;
/// The wall clock ran this much ahead of the monotonic one: somebody set it, or the machine slept.
pub const JUMP_MS: i64 = 5_000;

/// What contact a session has, by when its kiosk was last heard and since when the server has been listening.
#[must_use]
pub fn contact(last_seen: Timestamp, listening_since: Timestamp, now: Timestamp, policy: &Policy) -> Contact {
    let silent = now.millis_since(last_seen.max(listening_since));
    if silent >= Policy::signed(policy.lost_ms) {
        Contact::Lost
    } else if silent >= Policy::signed(policy.stale_ms) {
        Contact::Stale
    } else {
        Contact::Online
    }
}

/// What the watch does about one session: nothing, another contact, or a provisional end at the last contact.
///
/// Contact only gets worse here; it gets better when the kiosk is heard.
#[must_use]
pub fn watch(
    live: &Live,
    last_seen: Timestamp,
    listening_since: Timestamp,
    now: Timestamp,
    policy: &Policy,
) -> Option<Effects> {
    if now.millis_since(last_seen.max(listening_since)) >= Policy::signed(policy.idle_ms) {
        return Some(end::close(live, end::Ending::idle(last_seen), &Added::default()));
    }
    let contact = contact(last_seen, listening_since, now, policy);
    (severity(contact) > severity(live.session.contact)).then(|| vec![marked(&live.session, contact, last_seen).0])
}

/// A kiosk in contact proves the device, not its worker: what nobody has touched for so long is flagged, and nothing
/// closes for it. A machine that produces needs no hand.
#[must_use]
pub fn untouched(session: &Session, touched: Timestamp, now: Timestamp, limit_ms: u64) -> Option<Effects> {
    let produces = session.current_status.as_ref().is_some_and(|s| s.machine_state == MachineState::Production);
    let is_long = now.millis_since(touched) >= Policy::signed(limit_ms);
    (is_long && !produces && session.untouched_since.is_none())
        .then(|| vec![changed(session, |session| session.untouched_since = Some(touched)).0])
}

/// The kiosk says it is being closed: contact is lost at once, and nothing is prolonged.
#[must_use]
pub fn closing(session: &Session, last_seen: Timestamp) -> Option<(Session, Effects)> {
    (session.contact != Contact::Lost).then(|| {
        let (effect, new) = marked(session, Contact::Lost, last_seen);
        (new, vec![effect])
    })
}

fn marked(session: &Session, contact: Contact, last_seen: Timestamp) -> (super::Effect, Session) {
    changed(session, |session| {
        session.contact = contact;
        session.last_contact_at = Some(last_seen);
    })
}

fn severity(contact: Contact) -> u8 {
    match contact {
        Contact::Online => 0,
        Contact::Stale => 1,
        Contact::Lost => 2,
    }
}

/// Since when the server has been listening without a break.
///
/// `last_watch` is when a watch last ran, as stored; `wall_ran_ahead` is by how much the wall clock outran the
/// monotonic one since this process's previous watch, in milliseconds.
#[must_use]
pub fn listening_since(
    stored: Timestamp,
    last_watch: Option<Timestamp>,
    wall_ran_ahead: i64,
    now: Timestamp,
) -> Timestamp {
    let blind = last_watch.is_none_or(|last| now.millis_since(last) > BLIND_MS);
    if blind || wall_ran_ahead > JUMP_MS { now } else { stored.min(now) }
}

/// By how much the wall clock outran the monotonic one between two watches of one process, in milliseconds.
#[must_use]
pub fn ran_ahead(previous: (Timestamp, Duration), current: (Timestamp, Duration)) -> i64 {
    let steady = i64::try_from(current.1.saturating_sub(previous.1).as_millis()).unwrap_or(i64::MAX);
    current.0.millis_since(previous.0).saturating_sub(steady)
}

#[cfg(test)]
mod tests {
    use super::super::Effect;
    use super::super::fixtures::{at, live};
    use super::*;
    use millrace_protocol::session::SessionStatus;
    use proptest::prelude::*;

    #[test]
    fn contact_fades_in_steps() {
        let policy = Policy::default();
        for (silent, expected) in [
            (0, Contact::Online),
            (29_999, Contact::Online),
            (30_000, Contact::Stale),
            (119_999, Contact::Stale),
            (120_000, Contact::Lost),
        ] {
            assert_eq!(contact(at(0), at(0), at(silent), &policy), expected, "{silent}");
        }
    }

    #[test]
    fn after_five_minutes_the_session_ends_at_its_last_contact() {
        let policy = Policy::default();
        assert!(watch(&live(), at(0), at(0), at(20_000), &policy).is_none());
        let effects = watch(&live(), at(10_000), at(0), at(310_000), &policy).expect("ends");
        let session = effects.iter().find_map(|e| match e {
            Effect::Session { new, .. } => Some(new),
            _ => None,
        });
        assert_eq!(session.map(|s| (s.status, s.ended_at)), Some((SessionStatus::Completed, Some(at(10_000)))));
    }

    #[test]
    fn a_server_that_was_away_closes_nothing_until_a_whole_idle_limit_has_passed() {
        let policy = Policy::default();
        let back = at(1_000_000);
        let since = listening_since(at(0), Some(at(500_000)), 0, back);
        assert_eq!(since, back);
        assert!(watch(&live(), at(490_000), since, back, &policy).is_none());
        assert!(watch(&live(), at(490_000), since, back.plus_millis(299_999), &policy).is_some_and(|e| e.len() == 1));
        assert!(watch(&live(), at(490_000), since, back.plus_millis(300_000), &policy).is_some_and(|e| e.len() == 3));
    }

    #[test]
    fn what_nobody_touched_is_flagged_once_and_never_in_production() {
        let mut session = live().session;
        let flagged = |session: &Session, now| untouched(session, at(0), at(now), 60_000).is_some();
        assert!(!flagged(&session, 59_999) && flagged(&session, 60_000));
        session.untouched_since = Some(at(0));
        assert!(!flagged(&session, 90_000), "once");
        session.untouched_since = None;
        if let Some(status) = &mut session.current_status {
            status.machine_state = MachineState::Production;
        }
        assert!(!flagged(&session, 90_000));
    }

    #[test]
    fn a_wall_clock_that_was_set_forward_is_noticed() {
        let ahead = ran_ahead((at(0), Duration::ZERO), (at(70_000), Duration::from_secs(10)));
        assert_eq!(ahead, 60_000);
        assert_eq!(listening_since(at(0), Some(at(60_000)), ahead, at(70_000)), at(70_000));
        assert_eq!(listening_since(at(0), Some(at(60_000)), 0, at(70_000)), at(0));
    }

    proptest! {
        #[test]
        fn nothing_is_closed_before_the_idle_limit_of_listening(
            seen in 0i64..1_000_000, since in 0i64..1_000_000, wait in 0i64..300_000,
        ) {
            let policy = Policy::default();
            let now = at(seen.max(since) + wait);
            let closed = watch(&live(), at(seen), at(since), now, &policy).is_some_and(|e| e.len() == 3);
            prop_assert!(!closed);
        }
    }
}
