//! Calls to the supervisor: one at a time from a session; whoever calls sees who has seen it, and can take it back.

use crate::Refusal;
use crate::session::Moment;
use millrace_protocol::CallId;
use millrace_protocol::floor::{Call, CallState};
use millrace_protocol::session::Session;
use millrace_protocol::time::Timestamp;

/// A new call.
#[must_use]
pub fn made(session: &Session, note: Option<String>, at: Timestamp, moment: &Moment<'_>) -> Call {
    Call {
        id: CallId(moment.chance.uuid(moment.now)),
        state: CallState::Open,
        station_id: session.station_id,
        station_code: session.station_code.clone(),
        station_name: session.station_name.clone(),
        session_id: session.id,
        worker_id: session.worker_id,
        worker_name: session.worker_name.clone(),
        note,
        made_at: at,
        seen_at: None,
        seen_by: None,
        escalated_at: None,
        ended_at: None,
        version: 1,
    }
}

/// The call, taken back.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for one that is over.
pub fn cancelled(call: &Call, at: Timestamp) -> Result<Call, Refusal> {
    match call.state {
        CallState::Open | CallState::Seen => {
            Ok(Call { state: CallState::Cancelled, ended_at: Some(at), version: call.version + 1, ..call.clone() })
        }
        CallState::Done | CallState::Cancelled => {
            Err(Refusal::InvalidTransition { what: "This call is over already.".into() })
        }
    }
}

/// The call, seen; none where it was seen before: the first to look is kept.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for one that was taken back.
pub fn seen(call: &Call, by: &str, at: Timestamp) -> Result<Option<Call>, Refusal> {
    match call.state {
        CallState::Open => Ok(Some(Call {
            state: CallState::Seen,
            seen_at: Some(at),
            seen_by: Some(by.to_owned()),
            version: call.version + 1,
            ..call.clone()
        })),
        CallState::Seen | CallState::Done => Ok(None),
        CallState::Cancelled => Err(taken_back()),
    }
}

/// The call, over; none where it was over before. Whoever is done with it has seen it.
///
/// # Errors
/// [`Refusal::InvalidTransition`] for one that was taken back.
pub fn done(call: &Call, by: &str, at: Timestamp) -> Result<Option<Call>, Refusal> {
    match call.state {
        CallState::Open | CallState::Seen => Ok(Some(Call {
            state: CallState::Done,
            seen_at: call.seen_at.or(Some(at)),
            seen_by: call.seen_by.clone().or_else(|| Some(by.to_owned())),
            ended_at: Some(at),
            version: call.version + 1,
            ..call.clone()
        })),
        CallState::Done => Ok(None),
        CallState::Cancelled => Err(taken_back()),
    }
}

/// The call, raised: nobody has looked for too long.
#[must_use]
pub fn raised(call: &Call, at: Timestamp) -> Call {
    Call { escalated_at: Some(at), version: call.version + 1, ..call.clone() }
}

fn taken_back() -> Refusal {
    Refusal::InvalidTransition { what: "The worker took this call back, or his session ended. Reload it.".into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;
    use crate::session::fixtures::{FixedChance, at, live};

    #[test]
    fn a_call_is_taken_back_once() {
        let policy = Policy::default();
        let moment = Moment { now: at(5), chance: &FixedChance, policy: &policy };
        let call = made(&live().session, None, at(5), &moment);
        let over = cancelled(&call, at(9)).expect("takes back");
        assert_eq!((over.state, over.ended_at, over.version), (CallState::Cancelled, Some(at(9)), 2));
        assert!(cancelled(&over, at(10)).is_err());
    }

    #[test]
    fn the_first_to_look_is_kept_and_a_call_is_over_once() {
        let policy = Policy::default();
        let moment = Moment { now: at(0), chance: &FixedChance, policy: &policy };
        let call = made(&live().session, None, at(0), &moment);
        let looked = seen(&call, "dana", at(1)).expect("is open").expect("changes");
        assert_eq!((looked.state, looked.seen_at, looked.version), (CallState::Seen, Some(at(1)), 2));
        assert_eq!(seen(&looked, "omer", at(2)), Ok(None));
        let over = done(&looked, "omer", at(3)).expect("is open").expect("changes");
        assert_eq!((over.state, over.seen_by.as_deref(), over.ended_at), (CallState::Done, Some("dana"), Some(at(3))));
        assert_eq!(done(&over, "omer", at(4)), Ok(None));
        let back = cancelled(&call, at(1)).expect("takes back");
        assert!(seen(&back, "dana", at(2)).is_err() && done(&back, "dana", at(2)).is_err());
    }
}
