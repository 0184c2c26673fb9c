//! When: the boundary between two stretches, a session's start and its end; and who worked in it.
//!
//! Stretches are cut or made longer. Where one would be left without time before its beginning, the amendment is
//! refused: no stretch gets lost without a word.

use super::event::mirrored;
use super::{Asking, By, Decided, Past, ended, refused, session_changed};
use crate::Refusal;
use crate::session::{Effect, Moment, WorkerSnapshot, amended};
use millrace_protocol::amendment::{BoundaryCorrection, EndCorrection, StartCorrection};
use millrace_protocol::report::Report;
use millrace_protocol::session::Session;
use millrace_protocol::time::Timestamp;
use serde_json::json;

/// What borders on a session at its station.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// When the session before it ended.
    pub before: Option<Timestamp>,
    /// When the session after it began.
    pub after: Option<Timestamp>,
}

/// A stretch began, and the one before it ended, at another moment.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for the first stretch, for a moment beyond the two, for two that belong to different
/// epochs (a takeover was when it was), and where nothing changes.
pub fn boundary(
    past: &Past,
    correction: &BoundaryCorrection,
    asking: Asking,
    by: By<'_>,
    moment: &Moment<'_>,
) -> Result<Decided, Refusal> {
    let event = past.event(correction.status_event_id)?;
    let place = past.events.iter().position(|other| other.id == event.id).unwrap_or_default();
    let Some(before) = place.checked_sub(1).and_then(|place| past.events.get(place)) else {
        return refused("This is the session's first stretch. Correct the session's start.");
    };
    let at = correction.started_at;
    if at == event.started_at {
        return refused("This stretch began then already. Nothing is to be corrected.");
    }
    if before.epoch != event.epoch {
        return refused("Here the session was taken over: that was when it was. Correct another boundary.");
    }
    if at < before.started_at || at > event.ended_at.unwrap_or(moment.now) {
        return refused(
            "The boundary lies between the start of the earlier and the end of the later stretch. Choose a moment there.",
        );
    }
    let (earlier, _) = amended(before, |event| event.ended_at = Some(at));
    let (later, new) = amended(event, |event| event.started_at = at);
    let mut effects = vec![earlier, later];
    effects.extend(mirrored(past, &new, asking, by, moment));
    Ok(Decided {
        subject: event.id.0,
        old: json!({ "startedAt": event.started_at }),
        new: json!({ "startedAt": at }),
        effects,
    })
}

/// An ended session began at another moment; its first stretch with it.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for an open session, for a moment after the first stretch ended or before the
/// station was free, and where nothing changes.
pub fn start(
    past: &Past,
    correction: &StartCorrection,
    neighbours: Neighbours,
    by: By<'_>,
) -> Result<Decided, Refusal> {
    ended(&past.session)?;
    let (at, was) = (correction.started_at, past.session.started_at);
    let Some(first) = past.events.first() else { return refused("This session has no stretch.") };
    if at == was {
        return refused("The session began then already. Nothing is to be corrected.");
    }
    if first.ended_at.is_some_and(|end| at > end) {
        return refused(
            "The first stretch would be lost. Choose a moment before it ended, or correct the stretches first.",
        );
    }
    if at < was && neighbours.before.is_some_and(|free| at < free) {
        return refused("Another session was still open at this station then. Choose a moment after it ended.");
    }
    let (cut, new) = amended(first, |event| event.started_at = at);
    let mut effects = vec![cut];
    let since = if past.session.last_status_change_at == was { at } else { past.session.last_status_change_at };
    effects.extend(session_changed(&past.session, by, |session| {
        session.started_at = at;
        session.last_status_change_at = since.max(new.started_at);
    }));
    Ok(decided(past, json!({ "startedAt": was }), json!({ "startedAt": at }), effects))
}

/// An ended session ended at another moment; its last stretch with it. Its end is then no longer provisional.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for an open session, for a moment before the last stretch began, after now or after
/// the next session began at the station, and where nothing changes.
pub fn end(
    past: &Past,
    correction: &EndCorrection,
    neighbours: Neighbours,
    by: By<'_>,
    moment: &Moment<'_>,
) -> Result<Decided, Refusal> {
    let (at, was) = (correction.ended_at, ended(&past.session)?);
    let Some(last) = past.events.last() else { return refused("This session has no stretch.") };
    if at == was && !past.session.provisional {
        return refused("The session ended then already. Nothing is to be corrected.");
    }
    if at < last.started_at {
        return refused(
            "The last stretch would be lost. Choose a moment after it began, or correct the stretches first.",
        );
    }
    if at > moment.now {
        return refused("This moment is still to come. Choose one that has been.");
    }
    if at > was && neighbours.after.is_some_and(|taken| at > taken) {
        return refused("Another session had begun at this station by then. Choose a moment before it began.");
    }
    let (cut, _) = amended(last, |event| event.ended_at = Some(at));
    let mut effects = vec![cut];
    effects.extend(session_changed(&past.session, by, |session| {
        session.ended_at = Some(at);
        session.provisional = false;
    }));
    let old = json!({ "endedAt": was, "provisional": past.session.provisional });
    Ok(decided(past, old, json!({ "endedAt": at, "provisional": false }), effects))
}

/// Somebody else worked in an ended session. Its reports were his.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for an open session, and where nothing changes.
pub fn worker(past: &Past, worker: &WorkerSnapshot, by: By<'_>, moment: &Moment<'_>) -> Result<Decided, Refusal> {
    ended(&past.session)?;
    if past.session.worker_id == worker.id {
        return refused("It was this worker already. Nothing is to be corrected.");
    }
    let said = |session: &Session| {
        json!({
            "workerId": session.worker_id, "workerCode": session.worker_code, "workerName": session.worker_name,
        })
    };
    let mut new = past.session.clone();
    new.worker_id = worker.id;
    new.worker_code.clone_from(&worker.code);
    new.worker_name.clone_from(&worker.name);
    // What was, was: who is put right here is not asked whether he was allowed.
    new.outside_assignment = worker.meant_for.is_outside(new.station_id);
    let mut effects: Vec<Effect> =
        session_changed(&past.session, by, |session| session.clone_from(&new)).into_iter().collect();
    effects.extend(past.reports.iter().map(|old| {
        let report = Report {
            worker_id: worker.id,
            worker_name: worker.name.clone(),
            changed_at: moment.now,
            changed_by: by.changed_by(),
            version: old.version + 1,
            ..old.clone()
        };
        Effect::Report { old: Some(Box::new(old.clone())), new: Box::new(report), kiosk: None }
    }));
    Ok(decided(past, said(&past.session), said(&new), effects))
}

fn decided(past: &Past, old: serde_json::Value, new: serde_json::Value, effects: Vec<Effect>) -> Decided {
    Decided { subject: past.session.id.0, old, new, effects }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{after, ended_past, gapless, past};
    use super::*;
    use crate::Policy;
    use crate::session::fixtures::{FixedChance, at, worker as snapshot};
    use millrace_protocol::status::ReasonWanted;
    use proptest::prelude::*;

    const BOSS: By<'_> = By::User { name: "boss", why: "seen it" };
    const ASKING: Asking = Asking { wanted: Some(ReasonWanted::Later), minor_stop_ms: 180_000 };

    fn moment(policy: &Policy) -> Moment<'_> {
        Moment { now: at(1_000), chance: &FixedChance, policy }
    }

    fn bounded(past: &Past, n: usize, to: i64) -> Result<Past, Refusal> {
        let policy = Policy::default();
        let correction = BoundaryCorrection { status_event_id: past.events[n].id, started_at: at(to) };
        Ok(after(past, &boundary(past, &correction, ASKING, BOSS, &moment(&policy))?))
    }

    #[test]
    fn a_boundary_moves_between_its_neighbours() {
        for (to, moves) in [(-1, false), (0, true), (150, true), (200, true), (201, false), (100, false)] {
            assert_eq!(bounded(&ended_past(), 1, to).is_ok(), moves, "{to}");
        }
        assert!(bounded(&ended_past(), 0, 50).is_err(), "that is the session's start");
        assert!(bounded(&past(), 2, 1_000).is_ok(), "the open stretch, up to now");
        assert!(bounded(&past(), 2, 1_001).is_err());
        let moved = bounded(&past(), 2, 150).expect("moves").session;
        assert_eq!(moved.last_status_change_at, at(150));
        assert_eq!(moved.reason_missing_from, Some(at(150 + 180_000)), "counted from there");
        let mut taken = ended_past();
        taken.events[2].epoch = 2;
        assert!(bounded(&taken, 2, 150).is_err(), "a takeover was when it was");
    }

    #[test]
    fn no_stretch_is_lost_at_either_end() {
        let policy = Policy::default();
        let past = ended_past();
        let began = |to: i64, before: Option<i64>| {
            let correction = StartCorrection { session_id: past.session.id, started_at: at(to) };
            let neighbours = Neighbours { before: before.map(at), after: None };
            start(&past, &correction, neighbours, BOSS).map(|decided| after(&past, &decided))
        };
        assert!(began(101, None).is_err() && began(-50, Some(-20)).is_err() && began(0, None).is_err());
        for to in [-50, 99, 100] {
            assert!(gapless(&began(to, None).expect("moves")), "{to}");
        }
        let over = |to: i64, next: Option<i64>| {
            let correction = EndCorrection { session_id: past.session.id, ended_at: at(to) };
            let neighbours = Neighbours { before: None, after: next.map(at) };
            end(&past, &correction, neighbours, BOSS, &moment(&policy)).map(|decided| after(&past, &decided))
        };
        assert!(over(199, None).is_err() && over(1_001, None).is_err() && over(500, Some(400)).is_err());
        for to in [200, 250, 1_000] {
            assert!(gapless(&over(to, None).expect("moves")), "{to}");
        }
        let open = super::super::fixtures::past();
        let correction = EndCorrection { session_id: open.session.id, ended_at: at(500) };
        assert!(end(&open, &correction, Neighbours::default(), BOSS, &moment(&policy)).is_err());
    }

    #[test]
    fn a_provisional_end_is_confirmed() {
        let policy = Policy::default();
        let mut past = ended_past();
        past.session.provisional = true;
        let correction = EndCorrection { session_id: past.session.id, ended_at: at(300) };
        let decided = end(&past, &correction, Neighbours::default(), BOSS, &moment(&policy)).expect("confirms");
        assert!(!after(&past, &decided).session.provisional);
    }

    #[test]
    fn somebody_else_worked_in_it() {
        let policy = Policy::default();
        let past = ended_past();
        let decided = worker(&past, &snapshot(2), BOSS, &moment(&policy)).expect("corrects");
        let now = after(&past, &decided).session;
        assert_eq!((now.worker_code.as_str(), now.version), ("W2", past.session.version + 1));
        assert!(worker(&past, &snapshot(1), BOSS, &moment(&policy)).is_err());
        assert!(worker(&super::super::fixtures::past(), &snapshot(2), BOSS, &moment(&policy)).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_moved_stretches_follow_each_other(
            moves in proptest::collection::vec((0u8..4, 0usize..3, -100i64..1_100), 1..30),
        ) {
            let policy = Policy::default();
            let mut past = ended_past();
            for (kind, n, to) in moves {
                let moved = match kind {
                    0 => {
                        let correction = StartCorrection { session_id: past.session.id, started_at: at(to) };
                        start(&past, &correction, Neighbours::default(), BOSS)
                    }
                    1 => {
                        let correction = EndCorrection { session_id: past.session.id, ended_at: at(to) };
                        end(&past, &correction, Neighbours::default(), BOSS, &moment(&policy))
                    }
                    _ => {
                        let correction = BoundaryCorrection { status_event_id: past.events[n].id, started_at: at(to) };
                        boundary(&past, &correction, ASKING, BOSS, &moment(&policy))
                    }
                };
                if let Ok(decided) = moved {
                    past = after(&past, &decided);
                }
                prop_assert!(gapless(&past));
                prop_assert_eq!(past.events.len(), 3);
            }
        }
    }
}
