//! Sessions that somebody forgot to end: long past the shift's end, at an attended station that nobody touches, the
//! kiosk asks; where nobody answers, the session ends provisionally.
//!
//! A heartbeat proves the device, not the worker. What proves him is an action.

use super::addition::Added;
use super::end::{Ending, close};
use super::{Effects, Live, changed};
use crate::calendar::{Calendar, shifts_between};
use millrace_protocol::session::{CloseReason, Session, SessionStatus};
use millrace_protocol::time::Timestamp;

const MINUTE: i64 = 60_000;
/// So long after the shift's end a session may go on without a question, in milliseconds.
pub const GRACE_MS: i64 = 20 * MINUTE;
/// For so long a kiosk is untouched before it asks, in milliseconds.
pub const UNTOUCHED_MS: i64 = 30 * MINUTE;
/// For so long it asks, in milliseconds.
pub const ASKING_MS: i64 = 10 * MINUTE;
/// Without a calendar, and where no shift is planned, this long after its start a session's shift is over, in
/// milliseconds.
pub const NO_SHIFT_MS: i64 = 12 * 60 * MINUTE;

/// How a session is looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attendance<'c> {
    /// Somebody has to be at this station while it runs.
    pub attended: bool,
    /// When its area works.
    pub calendar: Option<&'c Calendar>,
    /// The last thing a hand did at its kiosk.
    pub touched: Timestamp,
    /// Since when the server has been listening without a break: an answer before could not reach it.
    pub listening_since: Timestamp,
}

/// When the shift of a session ends: of the one it starts in, or starts for. One that is almost over when the session
/// starts is not its own.
#[must_use]
pub fn shift_end(started: Timestamp, calendar: Option<&Calendar>) -> Timestamp {
    let horizon = started.plus_millis(NO_SHIFT_MS);
    let planned = calendar.map(|calendar| shifts_between(calendar, started, horizon)).unwrap_or_default();
    let own = planned.iter().find(|shift| shift.ends_at > started.plus_millis(UNTOUCHED_MS));
    own.map_or(horizon, |shift| shift.ends_at)
}

/// What is to be done about one session that may be forgotten: nothing, ask, stop asking, or end it.
#[must_use]
pub fn watch(live: &Live, attendance: Attendance<'_>, now: Timestamp) -> Option<Effects> {
    let Attendance { attended, calendar, touched, listening_since } = attendance;
    let session = &live.session;
    let untouched = now.millis_since(touched) >= UNTOUCHED_MS;
    let over = shift_end(session.started_at, calendar);
    let forgotten = attended && untouched && now.millis_since(over) >= GRACE_MS;
    match session.asked_at {
        None => forgotten.then(|| asking(session, Some(now))),
        Some(_) if !forgotten => Some(asking(session, None)),
        Some(asked) if now.millis_since(asked.max(listening_since)) >= ASKING_MS => {
            Some(close(live, ending(over.max(touched)), &Added::default()))
        }
        Some(_) => None,
    }
}

fn asking(session: &Session, since: Option<Timestamp>) -> Effects {
    vec![changed(session, |session| session.asked_at = since).0]
}

fn ending(at: Timestamp) -> Ending {
    Ending {
        status: SessionStatus::Completed,
        reason: CloseReason::Forgotten,
        provisional: true,
        at,
        last_contact: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Effect;
    use super::super::fixtures::live;
    use super::*;
    use millrace_protocol::plant::{LocalTime, PlannedShift, ShiftWeek};
    use proptest::prelude::*;

    fn time(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).expect("a moment")
    }

    /// Three shifts from Monday to Friday in Berlin: 06–14, 14–22, 22–06.
    fn calendar() -> Calendar {
        let hour = |hour| LocalTime::new(hour, 0).expect("an hour");
        let shift = |name: &str, from, until| PlannedShift {
            name: name.into(),
            starts_at: hour(from),
            ends_at: hour(until),
            breaks: vec![],
        };
        let day = vec![shift("early", 6, 14), shift("late", 14, 22), shift("night", 22, 6)];
        let week = ShiftWeek {
            monday: day.clone(),
            tuesday: day.clone(),
            wednesday: day.clone(),
            thursday: day.clone(),
            friday: day.clone(),
            // The clocks change on a Sunday: let its night be worked.
            saturday: vec![shift("night", 22, 6)],
            sunday: vec![],
        };
        Calendar::new("Europe/Berlin", week, vec![]).expect("a calendar")
    }

    fn begun(at: Timestamp) -> Live {
        let mut live = live();
        live.session.started_at = at;
        live.event.started_at = at;
        live
    }

    #[test]
    fn a_shift_that_is_almost_over_is_not_the_sessions_own() {
        let calendar = calendar();
        let end = |start: &str| shift_end(time(start), Some(&calendar)).to_string();
        assert_eq!(end("2026-11-24T05:00:00Z"), "2026-11-24T13:00:00.000Z", "06:00 in Berlin");
        assert_eq!(end("2026-11-24T04:50:00Z"), "2026-11-24T13:00:00.000Z", "ten minutes early");
        assert_eq!(end("2026-11-24T12:30:00Z"), "2026-11-24T21:00:00.000Z", "half an hour early");
        assert_eq!(end("2026-11-24T12:00:00Z"), "2026-11-24T13:00:00.000Z", "for the last hour");
        assert_eq!(end("2026-11-28T10:00:00Z"), "2026-11-29T05:00:00.000Z", "on a Saturday, before its night");
        assert_eq!(end("2026-11-29T06:00:00Z"), "2026-11-29T18:00:00.000Z", "on a Sunday nothing is planned");
        assert_eq!(shift_end(time("2026-11-24T05:00:00Z"), None).to_string(), "2026-11-24T17:00:00.000Z");
    }

    #[test]
    fn over_a_change_of_the_clocks_a_night_is_as_long_as_it_is() {
        let calendar = calendar();
        let length = |start: &str| shift_end(time(start), Some(&calendar)).millis_since(time(start)) / 3_600_000;
        assert_eq!(length("2026-10-24T20:00:00Z"), 9, "22:00 to 06:00, one hour twice");
        assert_eq!(length("2026-03-28T21:00:00Z"), 7, "22:00 to 06:00, one hour never");
        assert_eq!(length("2026-11-23T21:00:00Z"), 8);
    }

    #[test]
    fn it_asks_then_ends_at_the_shifts_end() {
        let calendar = calendar();
        let mut live = begun(time("2026-11-24T05:00:00Z"));
        let touched = time("2026-11-24T12:40:00Z");
        let attendance = Attendance { attended: true, calendar: Some(&calendar), touched, listening_since: touched };
        assert!(watch(&live, attendance, time("2026-11-24T13:19:59.999Z")).is_none());
        let asked = time("2026-11-24T13:20:00Z");
        let effects = watch(&live, attendance, asked).expect("asks");
        let [Effect::Session { new, .. }] = effects.as_slice() else { panic!("one session") };
        assert_eq!((new.asked_at, new.status), (Some(asked), SessionStatus::Active));
        live.session = (**new).clone();
        assert!(watch(&live, attendance, time("2026-11-24T13:29:59Z")).is_none());
        let effects = watch(&live, attendance, time("2026-11-24T13:30:00Z")).expect("ends");
        let ended = effects.iter().find_map(|effect| match effect {
            Effect::Session { new, .. } => Some(new),
            _ => None,
        });
        let ended = ended.expect("a session");
        assert_eq!((ended.close_reason, ended.provisional), (Some(CloseReason::Forgotten), true));
        assert_eq!(ended.ended_at, Some(time("2026-11-24T13:00:00Z")), "the shift's end, later than the last touch");
    }

    #[test]
    fn whoever_touches_it_is_asked_no_more() {
        let mut live = begun(time("2026-11-24T05:00:00Z"));
        live.session.asked_at = Some(time("2026-11-24T18:00:00Z"));
        let touched = time("2026-11-24T18:01:00Z");
        let attendance = Attendance { attended: true, calendar: None, touched, listening_since: touched };
        let effects = watch(&live, attendance, time("2026-11-24T18:10:00Z")).expect("stops asking");
        assert!(matches!(effects.as_slice(), [Effect::Session { new, .. }] if new.asked_at.is_none()));
    }

    #[test]
    fn a_server_that_was_away_waits_for_an_answer_first() {
        let mut live = begun(time("2026-11-24T05:00:00Z"));
        live.session.asked_at = Some(time("2026-11-24T18:00:00Z"));
        let (touched, back) = (time("2026-11-24T16:00:00Z"), time("2026-11-24T18:20:00Z"));
        let attendance = Attendance { attended: true, calendar: None, touched, listening_since: back };
        assert!(watch(&live, attendance, back.plus_millis(ASKING_MS - 1)).is_none());
        assert!(watch(&live, attendance, back.plus_millis(ASKING_MS)).is_some());
    }

    proptest! {
        /// Whatever the times, nothing ends that was touched, asked or listened to too lately, or is unattended; and
        /// no end lies before the last touch, before the shift's end, or after now.
        #[test]
        fn nothing_ends_unasked_or_too_early(
            started in 0i64..7 * 24 * 60, worked in 0i64..2_000, idle in 0i64..2_000, asked in proptest::option::of(0i64..60),
            listening in 0i64..60, attended: bool, planned: bool,
        ) {
            let calendar = calendar();
            let calendar = planned.then_some(&calendar);
            let mut live = begun(time("2026-10-20T00:00:00Z").plus_millis(started * MINUTE));
            let touched = live.session.started_at.plus_millis(worked * MINUTE);
            let now = touched.plus_millis(idle * MINUTE);
            live.session.asked_at = asked.map(|ago| now.plus_millis(-ago * MINUTE));
            let listening_since = now.plus_millis(-listening * MINUTE);
            let attendance = Attendance { attended, calendar, touched, listening_since };
            let ended = watch(&live, attendance, now).into_iter().flatten().find_map(|effect| match effect {
                Effect::Session { new, .. } => new.ended_at,
                _ => None,
            });
            if let Some(ended) = ended {
                prop_assert!(attended && idle >= 30 && listening >= 10 && asked.is_some_and(|ago| ago >= 10));
                let over = shift_end(live.session.started_at, calendar);
                prop_assert!(now.millis_since(over) >= GRACE_MS);
                prop_assert!(ended >= touched && ended >= over && ended <= now);
            }
        }
    }
}
