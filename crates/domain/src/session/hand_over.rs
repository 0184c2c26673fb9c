//! Handover: the next worker takes the machine over at the kiosk where the session runs.

use super::addition::{Extras, add};
use super::open::{Beginning, begin};
use super::{Claimer, Effects, Live, Moment, StationSnapshot, WorkerSnapshot, end, produces, within_limit};
use crate::Refusal;
use crate::quantity::Counted;
use millrace_protocol::SessionId;
use millrace_protocol::quantity::EntryKind;
use millrace_protocol::session::{CloseReason, Session};
use millrace_protocol::status::StatusDefinition;
use millrace_protocol::time::Timestamp;

/// What has to be known to hand a machine over.
#[derive(Debug, Clone)]
pub struct Handover {
    /// The session that ends.
    pub live: Live,
    /// The definition of the status it is in: the next session opens with the same.
    pub status: StatusDefinition,
    /// The station.
    pub station: StationSnapshot,
    /// The worker who takes over.
    pub next: WorkerSnapshot,
    /// The open sessions of the worker who takes over.
    pub held: Vec<Session>,
    /// Who claims the session that opens.
    pub claimer: Claimer,
    /// What the next worker counted of running production.
    pub counted: Option<Counted>,
    /// He could not count it.
    pub unknown: bool,
    /// The id that its kiosk gave the session that opens, where it did.
    pub id: Option<SessionId>,
    /// When, where that was without the server; absent: now.
    pub offline_at: Option<Timestamp>,
    /// Production that his count is not about stays uncounted.
    pub others_missing: bool,
}

/// Ends the running session and opens the next worker's, with the same status and item.
///
/// # Errors
/// [`Refusal::InvalidTransition`] when a worker would take over from himself,
/// [`Refusal::StationNotAllowed`] when the station is not for the next worker,
/// [`Refusal::SessionAlreadyExists`] when the next worker holds as many sessions as he may,
/// [`Refusal::InvalidQuantities`] where running production is neither counted nor said to be unknown, or both.
pub fn hand_over(handover: Handover, moment: &Moment<'_>) -> Result<(Live, Effects), Refusal> {
    let Handover { live, status, station, next, held, claimer, counted, unknown, id, offline_at, others_missing } =
        handover;
    if live.session.worker_id == next.id {
        return Err(Refusal::InvalidTransition { what: "This is your own session already. Go on with it.".into() });
    }
    let outside = next.meant_for.marks(station.id)?;
    within_limit(held, moment.policy)?;
    let wrong = |what: &str| Err(Refusal::InvalidQuantities { what: what.into() });
    match (&counted, unknown) {
        (Some(_), true) => return wrong("The pieces are counted and said to be unknown. Send one of the two."),
        (None, false) if produces(&live.event) => {
            return wrong("The machine is producing. Count its pieces, or say that the count is unknown.");
        }
        (_, true | false) => {}
    }
    let from = offline_at.unwrap_or(moment.now).max(live.event.started_at);
    let extras = Extras { counted, filed: None, kiosk: Some(claimer.kiosk), others_missing };
    let added = add(&live.session, &live.event, &live.event, &extras, EntryKind::Handover, from, moment);
    let mut effects = end::close(&live, end::Ending::completed(CloseReason::Handover, from), &added);
    let id = id.unwrap_or_else(|| SessionId(moment.chance.uuid(moment.now)));
    let is_offline = offline_at.is_some();
    let grace_ms = station.minor_stop_ms.unwrap_or(moment.policy.minor_stop_ms);
    let (worker, station, status, after) = (&next, &station, &status, Some(&live.session));
    // Why the machine stands does not change with who stands before it.
    let goes_on = Some(&live.event).filter(|event| event.status_definition_id == status.id);
    let beginning =
        Beginning { id, worker, station, outside, status, claimer, from, after, goes_on, is_offline, grace_ms };
    let (next, begun) = begin(beginning, moment);
    effects.extend(begun);
    Ok((next, effects))
}

#[cfg(test)]
mod tests {
    use super::super::Effect;
    use super::super::fixtures::{FixedChance, at, definition, id, item, live, session, station, worker};
    use super::*;
    use crate::Policy;
    use crate::status::STOP;
    use millrace_protocol::session::SessionStatus;
    use millrace_protocol::status::MachineState;
    use millrace_protocol::{InstanceId, KioskId, ReasonId};

    fn handover(next: u8) -> Handover {
        Handover {
            live: live(),
            status: definition(STOP),
            station: station(1),
            next: worker(next),
            held: vec![],
            claimer: Claimer { kiosk: KioskId(id(5)), instance: InstanceId(id(6)) },
            counted: None,
            unknown: false,
            id: None,
            offline_at: None,
            others_missing: false,
        }
    }

    fn decide(handover: Handover) -> Result<(Live, Effects), Refusal> {
        let policy = Policy::default();
        hand_over(handover, &Moment { now: at(500), chance: &FixedChance, policy: &policy })
    }

    #[test]
    fn one_session_ends_as_the_next_begins_in_the_same_status() {
        let (next, effects) = decide(handover(2)).expect("hands over");
        let ended = effects
            .iter()
            .find_map(|e| match e {
                Effect::Session { old: Some(_), new } => Some(new),
                _ => None,
            })
            .expect("one session ends");
        assert_eq!((ended.status, ended.close_reason), (SessionStatus::Completed, Some(CloseReason::Handover)));
        assert_eq!(ended.ended_at, Some(next.session.started_at));
        assert_eq!(next.session.current_status_id, live().session.current_status_id);
        assert_eq!(next.session.worker_id, worker(2).id);
    }

    #[test]
    fn why_the_machine_stands_goes_on_with_its_status() {
        let mut stopped = handover(2);
        stopped.live.event.reason_id = Some(ReasonId(id(4)));
        stopped.live.event.note = Some("no bars".into());
        let (next, _) = decide(stopped.clone()).expect("hands over");
        assert_eq!((next.event.reason_id, next.event.note.as_deref()), (Some(ReasonId(id(4))), Some("no bars")));
        assert_eq!(next.session.reason_missing_from, None);
        stopped.status = definition("setup");
        let (next, _) = decide(stopped).expect("hands over");
        assert_eq!((next.event.reason_id, next.event.note), (None, None), "of a status that is no more");
        let (next, _) = decide(handover(2)).expect("hands over");
        assert_eq!(next.session.reason_missing_from, Some(at(500 + 180_000)), "nobody had said why");
    }

    #[test]
    fn running_production_is_counted_or_said_to_be_unknown() {
        let mut producing = handover(2);
        producing.live.event.status.machine_state = MachineState::Production;
        let item = item(10, &[(1, 0, 0)]);
        producing.live.session.job_item_id = Some(item.id);
        producing.live.session.step_id = Some(item.steps[0].id);
        assert!(matches!(decide(producing.clone()), Err(Refusal::InvalidQuantities { .. })));
        let mut counted = producing.clone();
        counted.counted = Some(Counted { good: 7, scrap: 0, counter: None, reason: None, note: None });
        let (next, effects) = decide(counted.clone()).expect("hands over");
        assert_eq!(next.session.step_id, Some(item.steps[0].id), "the item goes on");
        let ended = |effects: &Effects| {
            effects.iter().find_map(|effect| match effect {
                Effect::Session { old: Some(_), new } => Some((new.totals.good, new.count_missing)),
                _ => None,
            })
        };
        assert_eq!(ended(&effects), Some((7, false)));
        counted.unknown = true;
        assert!(decide(counted).is_err(), "not both");
        producing.unknown = true;
        assert_eq!(ended(&decide(producing).expect("hands over").1), Some((0, true)));
    }

    #[test]
    fn nobody_takes_over_from_himself_or_beyond_his_limit() {
        assert!(matches!(decide(handover(1)), Err(Refusal::InvalidTransition { .. })));
        let mut busy = handover(2);
        busy.held = vec![session()];
        assert!(matches!(decide(busy), Err(Refusal::SessionAlreadyExists { .. })));
    }
}
