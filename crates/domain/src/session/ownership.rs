//! Who may speak for a session: what is checked before anything is decided.
//!
//! Deliberately not here: the fence. That the owner still owns the session when he writes is for the
//! statement that writes; these checks say why, where he does not.

use crate::Refusal;
use crate::change::Claimant;
use crate::storage::Caller;
use millrace_protocol::session::{Owner, Session, SessionStatus};
use millrace_protocol::{StationId, WorkerId};

/// A worker's code, where it is sent, has to be the session's.
///
/// # Errors
/// [`Refusal::Forbidden`] for another worker's.
pub fn of_its_worker(session: &Session, worker_code: Option<&str>) -> Result<(), Refusal> {
    if worker_code.is_some_and(|code| code != session.worker_code) {
        return Err(Refusal::Forbidden {
            what: "This session is another worker's. Send X-Worker-Code of its worker, or none.".into(),
        });
    }
    Ok(())
}

/// Whoever is asking is no kiosk, or none any more.
#[must_use]
pub fn unknown_kiosk() -> Refusal {
    Refusal::Unauthenticated { what: "This kiosk is not known here, or was revoked. Enrol it again.".into() }
}

/// The session has to be open.
///
/// # Errors
/// [`Refusal::SessionNotActive`] with how it ended.
pub fn still_open(session: &Session) -> Result<(), Refusal> {
    if session.status == SessionStatus::Active {
        return Ok(());
    }
    Err(Refusal::SessionNotActive {
        reason: session.close_reason,
        provisional: session.provisional,
        ended_at: session.ended_at,
        closer: None,
    })
}

/// The refusal for everybody but the owner.
#[must_use]
pub fn mismatch(owner: Claimant) -> Refusal {
    Refusal::InstanceMismatch {
        owner: Owner { kiosk_id: owner.kiosk, kiosk_name: owner.kiosk_name, epoch: owner.epoch, since: owner.since },
    }
}

/// Takeover is for the session's own worker.
///
/// # Errors
/// [`Refusal::Forbidden`] for anybody else.
pub fn may_take_over(session: &Session, worker: WorkerId) -> Result<(), Refusal> {
    if session.worker_id == worker {
        return Ok(());
    }
    Err(Refusal::Forbidden {
        what: "Only the worker of a session can take it over. Hand the machine over at its own kiosk.".into(),
    })
}

/// A machine is handed over while the session runs, at the kiosk that holds the claim, for the station it runs at.
///
/// # Errors
/// [`Refusal::SessionNotActive`], [`Refusal::InstanceMismatch`], or [`Refusal::Invalid`] for another station.
pub fn may_hand_over(session: &Session, owner: &Claimant, caller: Caller, station: StationId) -> Result<(), Refusal> {
    still_open(session)?;
    if owner.kiosk != caller.kiosk {
        return Err(mismatch(owner.clone()));
    }
    if station != session.station_id {
        return Err(Refusal::Invalid {
            what: format!("The session runs at {}. Hand over that station.", session.station_name),
        });
    }
    Ok(())
}

/// An instance that asks again for what it opened gets the same session, as long as that is still its own.
///
/// # Errors
/// [`Refusal::Conflict`] where it opened something else, [`Refusal::SessionNotActive`] where that has ended,
/// [`Refusal::InstanceMismatch`] where it was taken over.
pub fn may_repeat(session: &Session, owner: Claimant, caller: Caller, station: StationId) -> Result<(), Refusal> {
    if owner.kiosk != caller.kiosk || session.worker_id != caller.worker || session.station_id != station {
        return Err(Refusal::Conflict {
            what: "This instance has opened another session already. Make a new instance id.".into(),
        });
    }
    still_open(session)?;
    if owner.epoch != 1 {
        return Err(mismatch(owner));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{at, id, session};
    use super::*;
    use millrace_protocol::session::CloseReason;
    use millrace_protocol::{InstanceId, KioskId};

    fn owner(epoch: u32) -> Claimant {
        Claimant {
            session: session().id,
            kiosk: KioskId(id(9)),
            instance: InstanceId(id(8)),
            kiosk_name: "Kiosk 9".to_owned(),
            epoch,
            since: at(0),
        }
    }

    fn caller(kiosk: u8, worker: u8) -> Caller {
        Caller { kiosk: KioskId(id(kiosk)), worker: WorkerId(id(worker)) }
    }

    #[test]
    fn a_worker_who_is_named_has_to_be_the_sessions() {
        assert_eq!(of_its_worker(&session(), None), Ok(()));
        assert_eq!(of_its_worker(&session(), Some("W1")), Ok(()));
        assert!(matches!(of_its_worker(&session(), Some("W2")), Err(Refusal::Forbidden { .. })));
    }

    #[test]
    fn who_comes_too_late_is_told_how_and_when_it_ended() {
        let mut ended = session();
        ended.status = SessionStatus::Completed;
        ended.close_reason = Some(CloseReason::Idle);
        ended.provisional = true;
        ended.ended_at = Some(at(7));
        let told = Refusal::SessionNotActive {
            reason: Some(CloseReason::Idle),
            provisional: true,
            ended_at: Some(at(7)),
            closer: None,
        };
        assert_eq!(still_open(&ended), Err(told));
        assert_eq!(still_open(&session()), Ok(()));
    }

    #[test]
    fn a_machine_is_handed_over_where_its_claim_is_and_as_a_whole() {
        let (running, here) = (session(), session().station_id);
        assert_eq!(may_hand_over(&running, &owner(1), caller(9, 2), here), Ok(()));
        let elsewhere = may_hand_over(&running, &owner(1), caller(5, 2), here);
        assert!(matches!(elsewhere, Err(Refusal::InstanceMismatch { .. })));
        let other_station = may_hand_over(&running, &owner(1), caller(9, 2), StationId(id(77)));
        assert!(matches!(other_station, Err(Refusal::Invalid { .. })));
    }

    #[test]
    fn asking_again_is_answered_again_until_somebody_else_owns_it() {
        let (running, here) = (session(), session().station_id);
        assert_eq!(may_repeat(&running, owner(1), caller(9, 1), here), Ok(()));
        let taken = may_repeat(&running, owner(2), caller(9, 1), here);
        assert!(matches!(taken, Err(Refusal::InstanceMismatch { .. })));
        for (caller, station) in [(caller(5, 1), here), (caller(9, 2), here), (caller(9, 1), StationId(id(77)))] {
            assert!(matches!(may_repeat(&running, owner(1), caller, station), Err(Refusal::Conflict { .. })));
        }
    }
}
