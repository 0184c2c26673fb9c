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
}
