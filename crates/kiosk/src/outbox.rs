//! What the outbox sends, and what an answer means for an entry (rules, "Offline"). Pure.
//!
//! An entry ends with a 2xx or with a known rule of the trade. Anything that may be otherwise the
//! next time is sent again, for ever, as the same bytes.

use crate::client::CallError;
use crate::store::{Draft, Entry, Settled};
use crate::view::Notice;
use millrace_protocol::action::{ActionAnswer, ActionStamp, ClockSource, Outcome};
use millrace_protocol::{Code, Problem};
use serde_json::{Map, Value};
use std::time::Duration;

/// How long a held queue waits before it looks whether it is still refused.
pub const HOLD: Duration = Duration::from_secs(30);

/// What is known of the server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// Milliseconds to add to this device's wall clock.
    pub millis: i64,
    /// Learnt by this process, and not only remembered.
    pub fresh: bool,
}

/// What an answer means for the entry that was sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It has ended.
    Ended {
        /// How.
        how: Settled,
        /// What the server made of it, where it took it.
        answer: Option<Box<ActionAnswer>>,
        /// Against which rule it was, where it was refused.
        problem: Option<Box<Problem>>,
    },
    /// Its number was used for something else: everything that waits goes above this one.
    Renumber(u64),
    /// Nothing can be sent until somebody does something; it is looked again now and then.
    Hold(Notice),
    /// The same bytes again; after this time, where the server named one.
    Again(Option<Duration>),
}

/// Judges an answer.
#[must_use]
pub fn judge(result: Result<ActionAnswer, CallError>) -> Verdict {
    let error = match result {
        Ok(answer) => {
            let how = match answer.outcome {
                Outcome::Applied => Settled::Applied,
                Outcome::Late => Settled::Late,
                Outcome::Quarantined => Settled::Quarantined,
            };
            return Verdict::Ended { how, answer: Some(Box::new(answer)), problem: None };
        }
        Err(error) => error,
    };
    let retry_after = error.retry_after();
    let CallError::Problem { problem, .. } = error else { return Verdict::Again(retry_after) };
    if problem.code.is_rule() {
        return Verdict::Ended { how: Settled::Refused, answer: None, problem: Some(problem) };
    }
    match (problem.code, problem.extra.get("lastSeq").and_then(Value::as_u64)) {
        (Code::SeqReused, Some(last_seq)) => Verdict::Renumber(last_seq),
        // By the status, so that a code of a later version is met in the same way.
        _ if matches!(problem.status, 408 | 425 | 429 | 500..) => Verdict::Again(retry_after),
        // No right, another version, a request that was never understood: none of it is a verdict on the action.
        _ => Verdict::Hold(notice(&problem)),
    }
}

/// A problem as the view says it.
#[must_use]
pub fn notice(problem: &Problem) -> Notice {
    Notice { code: problem.code, detail: problem.detail.clone() }
}

/// The bytes of an entry: what was tapped, and its stamp.
///
/// `boot` is the boot we run in: an offset learnt now says nothing exact about a tap of an earlier boot.
///
/// # Errors
/// When the request on disk is no JSON object.
pub fn compose(entry: &Entry, offset: Offset, boot: Option<&str>) -> Result<String, serde_json::Error> {
    let Draft { request, instance, epoch, wall_at, boot_id, .. } = &entry.draft;
    let mut body: Map<String, Value> = serde_json::from_str(request)?;
    let clock = if offset.fresh && boot_id.as_deref() == boot { ClockSource::Synced } else { ClockSource::Estimated };
    let stamp = ActionStamp {
        seq: entry.seq,
        instance_id: *instance,
        epoch: *epoch,
        occurred_at: wall_at.plus_millis(offset.millis),
        wall_at: Some(*wall_at),
        clock,
    };
    body.insert("action".to_owned(), serde_json::to_value(stamp)?);
    serde_json::to_string(&body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Kind;
    use millrace_protocol::time::Timestamp;
    use millrace_protocol::{InstanceId, SessionId};
    use uuid::Uuid;

    fn problem(code: Code) -> CallError {
        CallError::Problem { problem: Box::new(Problem::new(code, "why")), retry_after: None }
    }

    fn taken(outcome: Outcome) -> ActionAnswer {
        ActionAnswer::of(outcome)
    }

    #[test]
    fn an_entry_ends_with_every_outcome() {
        for (outcome, how) in [
            (Outcome::Applied, Settled::Applied),
            (Outcome::Late, Settled::Late),
            (Outcome::Quarantined, Settled::Quarantined),
        ] {
            assert!(matches!(judge(Ok(taken(outcome))), Verdict::Ended { how: ended, .. } if ended == how));
        }
    }

    #[test]
    fn an_entry_ends_with_every_rule_of_the_trade_and_with_no_other_problem() {
        for code in [
            Code::InstanceMismatch,
            Code::SessionNotActive,
            Code::SessionNotFound,
            Code::SessionAlreadyExists,
            Code::StationOccupied,
            Code::StationNotAllowed,
            Code::StatusNotAllowed,
            Code::ReasonRequired,
            Code::ReportRequired,
            Code::ChecklistRequired,
            Code::ApprovalRequired,
            Code::InvalidQuantities,
            Code::JobItemRequired,
            Code::StepNotAllowed,
            Code::InvalidStatusTransition,
        ] {
            assert!(matches!(judge(Err(problem(code))), Verdict::Ended { how: Settled::Refused, .. }), "{code:?}");
        }
        for code in [Code::RateLimited, Code::Unavailable, Code::Internal, Code::Unknown] {
            assert_eq!(judge(Err(problem(code))), Verdict::Again(None), "{code:?}");
        }
        for code in [
            Code::Unauthenticated,
            Code::Forbidden,
            Code::InvalidPayload,
            Code::NotFound,
            Code::MethodNotAllowed,
            Code::Conflict,
        ] {
            assert!(matches!(judge(Err(problem(code))), Verdict::Hold(notice) if notice.code == code), "{code:?}");
        }
    }

    #[test]
    fn whatever_is_not_our_problem_is_sent_again_whatever_its_status() {
        for status in [200, 301, 400, 403, 404, 409, 410, 422, 500, 502, 504] {
            let foreign = CallError::Foreign { status, retry_after: None };
            assert_eq!(judge(Err(foreign)), Verdict::Again(None), "{status}");
        }
        let named = Some(Duration::from_secs(7));
        assert_eq!(judge(Err(CallError::Foreign { status: 503, retry_after: named })), Verdict::Again(named));
    }

    #[test]
    fn a_code_of_a_later_version_is_met_by_its_status() {
        for (status, again) in [(408, true), (425, true), (429, true), (507, true), (409, false), (422, false)] {
            let mut later = Problem::new(Code::Unknown, "why");
            later.status = status;
            let verdict = judge(Err(CallError::Problem { problem: Box::new(later), retry_after: None }));
            assert_eq!(matches!(verdict, Verdict::Again(_)), again, "{status}");
        }
    }

    #[test]
    fn a_number_that_was_used_is_given_up() {
        let reused = Problem::new(Code::SeqReused, "why").with("lastSeq", 41);
        let verdict = judge(Err(CallError::Problem { problem: Box::new(reused), retry_after: None }));
        assert_eq!(verdict, Verdict::Renumber(41));
        assert!(
            matches!(judge(Err(problem(Code::SeqReused))), Verdict::Hold(_)),
            "without a number there is no way on"
        );
    }

    fn entry(boot: Option<&str>) -> Entry {
        let draft = Draft {
            kind: Kind::Status,
            path: "/api/status-events".into(),
            request: r#"{"sessionId":"00000000-0000-0000-0000-000000000001","note":"n"}"#.into(),
            session: SessionId(Uuid::from_u128(1)),
            instance: InstanceId(Uuid::from_u128(2)),
            epoch: 3,
            wall_at: Timestamp::from_millis(1_000),
            boot_id: boot.map(str::to_owned),
            boot_ms: None,
        };
        Entry { id: 1, seq: 9, draft, body: None }
    }

    #[test]
    fn the_bytes_carry_the_claim_the_number_and_the_time_of_the_tap_on_the_servers_clock() {
        let offset = Offset { millis: 250, fresh: true };
        let body: Value =
            serde_json::from_str(&compose(&entry(Some("b")), offset, Some("b")).expect("composes")).expect("is JSON");
        assert_eq!(body["note"], "n");
        assert_eq!(body["action"]["seq"], 9);
        assert_eq!(body["action"]["epoch"], 3);
        assert_eq!(body["action"]["occurredAt"], "1970-01-01T00:00:01.250Z");
        assert_eq!(body["action"]["wallAt"], "1970-01-01T00:00:01.000Z");
        assert_eq!(body["action"]["clock"], "synced");
    }

    #[test]
    fn a_time_is_estimated_with_a_remembered_offset_or_for_a_tap_of_an_earlier_boot() {
        let (fresh, old) = (Offset { millis: 0, fresh: true }, Offset { millis: 0, fresh: false });
        for (offset, boot) in [(old, Some("b")), (fresh, Some("another"))] {
            let body = compose(&entry(Some("b")), offset, boot).expect("composes");
            assert!(body.contains(r#""clock":"estimated""#), "{body}");
        }
    }
}
