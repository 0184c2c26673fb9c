//! Opening a session at a station.

use super::{Claimer, Effect, Effects, Live, Moment, StationSnapshot, WorkerSnapshot, begun, made, within_limit};
use crate::{Refusal, status};
use millrace_protocol::SessionId;
use millrace_protocol::session::{CloseReason, Contact, Session, SessionStatus, Totals};
use millrace_protocol::status::{CurrentStatus, StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;

/// What has to be known to open a session.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Who opens it.
    pub worker: WorkerSnapshot,
    /// Where; absent when there is no such station in use.
    pub station: Option<StationSnapshot>,
    /// The status it starts in.
    pub status: StatusDefinition,
    /// The open sessions of this worker.
    pub held: Vec<Session>,
    /// The open session at this station.
    pub occupant: Option<Session>,
    /// Who claims it.
    pub claimer: Claimer,
    /// The id the kiosk gave it, where it did.
    pub id: Option<SessionId>,
    /// The session whose item goes on in it, where a machine was handed over.
    pub after: Option<Session>,
    /// When, where that was without the server; absent: now.
    pub offline_at: Option<Timestamp>,
}

/// Opens a session, in the status it starts in, under epoch 1.
///
/// # Errors
/// [`Refusal::StationNotAllowed`], [`Refusal::SessionAlreadyExists`], [`Refusal::StationOccupied`].
pub fn open(opening: Opening, moment: &Moment<'_>) -> Result<(Live, Effects), Refusal> {
    let station = opening.station.ok_or(Refusal::StationNotAllowed)?;
    let outside = opening.worker.meant_for.marks(station.id)?;
    within_limit(opening.held, moment.policy)?;
    if let Some(occupant) = opening.occupant {
        return Err(Refusal::StationOccupied { worker_name: occupant.worker_name });
    }
    let id = opening.id.unwrap_or_else(|| SessionId(moment.chance.uuid(moment.now)));
    let beginning = Beginning {
        id,
        worker: &opening.worker,
        station: &station,
        outside,
        status: &opening.status,
        claimer: opening.claimer,
        from: opening.offline_at.unwrap_or(moment.now),
        after: opening.after.as_ref(),
        is_offline: opening.offline_at.is_some(),
        goes_on: None,
        grace_ms: moment.policy.start_stop_ms,
    };
    Ok(begin(beginning, moment))
}

/// A session that a kiosk had opened without the server and that somebody stood in the way of, as history: it was from
/// one moment to another, and is over. Where a machine was handed over, its stretch goes on in it. With its first
/// stretch.
#[must_use]
pub fn in_the_past(
    opening: &Opening,
    station: &StationSnapshot,
    goes_on: Option<&StatusEvent>,
    (from, until): (Timestamp, Timestamp),
    moment: &Moment<'_>,
) -> (StatusEvent, Effects) {
    let id = opening.id.unwrap_or_else(|| SessionId(moment.chance.uuid(moment.now)));
    let beginning = Beginning {
        id,
        worker: &opening.worker,
        station,
        outside: opening.worker.meant_for.is_outside(station.id),
        status: &opening.status,
        claimer: opening.claimer.clone(),
        from,
        after: opening.after.as_ref(),
        goes_on,
        is_offline: true,
        grace_ms: moment.policy.start_stop_ms,
    };
    let (Live { mut session, mut event, .. }, _) = begin(beginning, moment);
    session.status = SessionStatus::Completed;
    session.close_reason = Some(CloseReason::Completed);
    session.ended_at = Some(until);
    session.reason_missing_from = None;
    event.ended_at = Some(until);
    let effects = vec![
        Effect::Session { old: None, new: Box::new(session) },
        Effect::Claim { session: id, claimer: opening.claimer.clone(), epoch: 1, from },
        made(&event),
        Effect::Release { session: id, at: until },
    ];
    (event, effects)
}

/// What a session begins with.
pub(super) struct Beginning<'b> {
    pub(super) id: SessionId,
    pub(super) worker: &'b WorkerSnapshot,
    pub(super) station: &'b StationSnapshot,
    /// Whether its worker is meant for other stations.
    pub(super) outside: bool,
    pub(super) status: &'b StatusDefinition,
    pub(super) claimer: Claimer,
    pub(super) from: Timestamp,
    /// The session whose item goes on in it.
    pub(super) after: Option<&'b Session>,
    /// Its kiosk had no server.
    pub(super) is_offline: bool,
    /// The stretch that goes on in it, with its reason.
    pub(super) goes_on: Option<&'b StatusEvent>,
    /// For how long its first stretch needs no reason, in milliseconds.
    pub(super) grace_ms: u64,
}

/// A session that begins, with its first claim and its first status event.
pub(super) fn begin(beginning: Beginning<'_>, moment: &Moment<'_>) -> (Live, Effects) {
    let Beginning {
        id,
        worker,
        station,
        outside,
        status: definition,
        claimer,
        from,
        after,
        goes_on,
        is_offline,
        grace_ms,
    } = beginning;
    let reason = goes_on.and_then(|stretch| stretch.reason_id);
    let session = Session {
        id,
        worker_id: worker.id,
        worker_code: worker.code.clone(),
        worker_name: worker.name.clone(),
        station_id: station.id,
        station_code: station.code.clone(),
        station_name: station.name.clone(),
        area_name: station.area.clone(),
        job_id: after.and_then(|after| after.job_id),
        job_number: after.and_then(|after| after.job_number.clone()),
        job_item_id: after.and_then(|after| after.job_item_id),
        job_item_name: after.and_then(|after| after.job_item_name.clone()),
        step_id: after.and_then(|after| after.step_id),
        outside_assignment: outside,
        status: SessionStatus::Active,
        close_reason: None,
        provisional: false,
        current_status_id: Some(definition.id),
        current_status: Some(CurrentStatus::from(definition)),
        last_status_change_at: from,
        reason_missing_from: status::reason_missing_from(definition, reason, from, grace_ms),
        started_at: from,
        ended_at: None,
        contact: Contact::Online,
        last_contact_at: None,
        totals: Totals::default(),
        count_missing: false,
        malfunction_count: 0,
        asked_at: None,
        started_offline: is_offline,
        recovered_at: None,
        untouched_since: None,
        version: 1,
    };
    let mut event = begun(&session, definition, from, 1, moment);
    event.reason_id = reason;
    event.note = goes_on.and_then(|stretch| stretch.note.clone());
    let effects = vec![
        Effect::Session { old: None, new: Box::new(session.clone()) },
        Effect::Claim { session: id, claimer, epoch: 1, from },
        made(&event),
    ];
    (Live { session, event, epoch: 1 }, effects)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{FixedChance, at, definition, id, session, station, worker};
    use super::*;
    use crate::Policy;
    use crate::status::STOP;
    use millrace_protocol::{InstanceId, KioskId, StationId};

    fn opening() -> Opening {
        Opening {
            worker: worker(1),
            station: Some(station(1)),
            status: definition(STOP),
            held: vec![],
            occupant: None,
            claimer: Claimer { kiosk: KioskId(id(9)), instance: InstanceId(id(8)) },
            id: None,
            after: None,
            offline_at: None,
        }
    }

    fn decide(opening: Opening, policy: &Policy) -> Result<(Live, Effects), Refusal> {
        open(opening, &Moment { now: at(0), chance: &FixedChance, policy })
    }

    #[test]
    fn it_starts_in_stop_under_epoch_one_with_one_open_event() {
        let (live, effects) = decide(opening(), &Policy::default()).expect("opens");
        assert_eq!(live.epoch, 1);
        assert_eq!(live.session.current_status.as_ref().map(|s| s.key.as_str()), Some(STOP));
        assert_eq!(live.event.ended_at, None);
        assert_eq!(effects.len(), 3);
    }

    #[test]
    fn a_station_holds_one_session() {
        let mut taken = opening();
        taken.occupant = Some(session());
        assert!(matches!(decide(taken, &Policy::default()), Err(Refusal::StationOccupied { .. })));
    }

    #[test]
    fn a_worker_holds_as_many_sessions_as_policy_says() {
        let mut busy = opening();
        busy.held = vec![session()];
        assert!(matches!(
            decide(busy.clone(), &Policy::default()),
            Err(Refusal::SessionAlreadyExists { session }) if session.id == busy.held[0].id
        ));
        let two = Policy { sessions_per_worker: 2, ..Policy::default() };
        assert!(decide(busy.clone(), &two).is_ok());
        busy.held.push(session());
        assert!(decide(busy, &two).is_err());
    }

    #[test]
    fn a_station_he_is_not_meant_for_is_marked_or_refused() {
        let mut meant = opening();
        assert!(!decide(meant.clone(), &Policy::default()).expect("opens").0.session.outside_assignment);
        meant.worker.meant_for.stations = [StationId(id(2))].into();
        assert!(decide(meant.clone(), &Policy::default()).expect("opens").0.session.outside_assignment);
        meant.worker.meant_for.strict = true;
        assert!(matches!(decide(meant, &Policy::default()), Err(Refusal::StationNotAllowed)));
    }

    #[test]
    fn a_station_out_of_use_is_refused() {
        let mut gone = opening();
        gone.station = None;
        assert!(matches!(decide(gone, &Policy::default()), Err(Refusal::StationNotAllowed)));
    }
}
