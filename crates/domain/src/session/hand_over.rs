//! Handover: the next worker takes the machine over at the kiosk where the session runs.

use super::open::begin;
use super::{Claimer, Effects, Live, Moment, StationSnapshot, WorkerSnapshot, end, within_limit};
use crate::Refusal;
use millrace_protocol::SessionId;
use millrace_protocol::session::{CloseReason, Session};
use millrace_protocol::status::StatusDefinition;

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
}

/// Ends the running session and opens the next worker's, with the same status and item.
///
/// # Errors
/// [`Refusal::InvalidTransition`] when a worker would take over from himself,
/// [`Refusal::SessionAlreadyExists`] when the next worker holds as many sessions as he may.
pub fn hand_over(handover: Handover, moment: &Moment<'_>) -> Result<(Live, Effects), Refusal> {
    let Handover { live, status, station, next, held, claimer } = handover;
    if live.session.worker_id == next.id {
        return Err(Refusal::InvalidTransition { what: "This is your own session already. Go on with it.".into() });
    }
    within_limit(held, moment.policy)?;
    let from = moment.now.max(live.event.started_at);
    let mut effects = end::close(&live, end::Ending::completed(CloseReason::Handover, from));
    let id = SessionId(moment.chance.uuid(moment.now));
    let (next, begun) = begin(id, &next, &station, &status, claimer, from, moment);
    effects.extend(begun);
    Ok((next, effects))
}

#[cfg(test)]
mod tests {
    use super::super::Effect;
    use super::super::fixtures::{FixedChance, at, definition, id, live, session, station, worker};
    use super::*;
    use crate::Policy;
    use crate::status::STOP;
    use millrace_protocol::session::SessionStatus;
    use millrace_protocol::{InstanceId, KioskId};

    fn handover(next: u8) -> Handover {
        Handover {
            live: live(),
            status: definition(STOP),
            station: station(1),
            next: worker(next),
            held: vec![],
            claimer: Claimer { kiosk: KioskId(id(5)), instance: InstanceId(id(6)) },
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
    fn nobody_takes_over_from_himself_or_beyond_his_limit() {
        assert!(matches!(decide(handover(1)), Err(Refusal::InvalidTransition { .. })));
        let mut busy = handover(2);
        busy.held = vec![session()];
        assert!(matches!(decide(busy), Err(Refusal::SessionAlreadyExists { .. })));
    }
}
