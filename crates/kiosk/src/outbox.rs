//! What the outbox sends, and what an answer means for an entry (rules, "Offline"). Pure.
//!
//! An entry ends with a 2xx or with a known rule of the trade. Anything that may be otherwise the
//! next time is sent again, for ever, as the same bytes.

use crate::client::CallError;
use crate::store::{Draft, Entry, Kind, Settled};
use crate::view::Notice;
use millrace_protocol::action::{ActionAnswer, ActionStamp, ClockSource, Outcome};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{Code, Problem};
use serde_json::{Map, Value};
use std::time::Duration;

/// How long a held queue waits before it looks whether it is still refused.
pub const HOLD: Duration = Duration::from_secs(30);
/// For so long an entry that the server fails at is sent again; then it is parked, and the queue goes on.
pub const PATIENCE: Duration = Duration::from_secs(600);
/// Where an entry is parked.
pub const PARK: &str = "/api/actions/park";

/// What is known of the server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// Milliseconds to add to this device's wall clock.
    pub millis: i64,
    /// The same for the clock of the boot we run in, where it was learnt in this boot.
    pub boot: Option<i64>,
    /// Whether `millis` was learnt by this process, and the wall clock was not set since.
    pub fresh: bool,
}

impl Offset {
    /// Whether a tap's time can be told better than by what is remembered.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.boot.is_some() || self.fresh
    }
}

/// When a tap was on the server's clock, and how that is known. `of_its_boot` is what to add to the clock of the boot
/// that it was tapped in, where that was ever learnt.
#[must_use]
pub fn told(draft: &Draft, offset: Offset, of_its_boot: Option<i64>) -> (Timestamp, ClockSource) {
    match (draft.boot_ms, of_its_boot) {
        (Some(boot_ms), Some(of_its_boot)) => {
            (Timestamp::from_millis(boot_ms.saturating_add(of_its_boot)), ClockSource::Synced)
        }
        // A wall clock alone is as good as its offset, and only where there are no boots to be told apart.
        _ => {
            let synced = offset.fresh && draft.boot_id.is_none();
            let clock = if synced { ClockSource::Synced } else { ClockSource::Estimated };
            (draft.wall_at.plus_millis(offset.millis), clock)
        }
    }
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
    /// The server fails at this entry, or can't read it: again for a while, then it is parked.
    Failing {
        /// What it said.
        problem: Box<Problem>,
        /// When it wants to be asked again.
        retry_after: Option<Duration>,
    },
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
        _ if problem.status == 500 => Verdict::Failing { problem, retry_after },
        // Not this request, whatever else would pass.
        (
            Code::InvalidPayload
            | Code::Conflict
            | Code::StepsFrozen
            | Code::InUse
            | Code::PreconditionRequired
            | Code::PreconditionFailed,
            _,
        ) => Verdict::Failing { problem, retry_after },
        // By the status, so that a code of a later version is met in the same way.
        _ if matches!(problem.status, 408 | 425 | 429 | 500..) => Verdict::Again(retry_after),
        // No right, another version: none of it is a verdict on the action.
        _ => Verdict::Hold(notice(&problem)),
    }
}

/// A problem as the view says it.
#[must_use]
pub fn notice(problem: &Problem) -> Notice {
    Notice { code: problem.code, detail: problem.detail.clone() }
}

/// The bytes of an entry: what was tapped, and its stamp. `at` as [`told`] says, with since when the program had been
/// running by then.
///
/// # Errors
/// When the request on disk is no JSON object.
pub fn compose(entry: &Entry, at: (Timestamp, ClockSource, Option<Timestamp>)) -> Result<String, serde_json::Error> {
    let Draft { request, instance, epoch, wall_at, .. } = &entry.draft;
    let mut body: Map<String, Value> = serde_json::from_str(request)?;
    let (occurred_at, clock, running_since) = at;
    let stamp = ActionStamp {
        seq: entry.seq,
        instance_id: *instance,
        epoch: *epoch,
        occurred_at,
        wall_at: Some(*wall_at),
        clock,
        running_since,
    };
    if entry.draft.kind == Kind::Reopen {
        body.insert("runningSince".to_owned(), serde_json::to_value(running_since.unwrap_or(occurred_at))?);
    }
    if let Some(undoes) = entry.undoes_seq {
        body.insert("undoes".to_owned(), undoes.into());
    }
    body.insert("action".to_owned(), serde_json::to_value(stamp)?);
    serde_json::to_string(&body)
}

/// The bytes that park an entry: its number, its own bytes as they were refused, and why.
///
/// # Errors
/// When the entry's bytes are no JSON.
pub fn compose_parking(entry: &Entry, body: &str, problem: &Problem) -> Result<String, serde_json::Error> {
    let request = serde_json::json!({
        "seq": entry.seq,
        "path": entry.draft.path,
        "body": serde_json::from_str::<Value>(body)?,
        "problem": problem,
    });
    serde_json::to_string(&request)
}

#[cfg(test)]
mod tests {
    use super::*;
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
        for code in [Code::RateLimited, Code::Unavailable] {
            assert_eq!(judge(Err(problem(code))), Verdict::Again(None), "{code:?}");
        }
        for code in [Code::Internal, Code::Unknown, Code::InvalidPayload, Code::Conflict] {
            assert!(matches!(judge(Err(problem(code))), Verdict::Failing { .. }), "{code:?}");
        }
        for code in [Code::Unauthenticated, Code::Forbidden, Code::NotFound, Code::MethodNotAllowed] {
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

    fn draft(boot: Option<(&str, i64)>) -> Draft {
        Draft {
            kind: Kind::Status,
            path: "/api/status-events".into(),
            request: r#"{"sessionId":"00000000-0000-0000-0000-000000000001","note":"n"}"#.into(),
            session: SessionId(Uuid::from_u128(1)),
            instance: InstanceId(Uuid::from_u128(2)),
            epoch: 3,
            wall_at: Timestamp::from_millis(1_000),
            boot_id: boot.map(|(id, _)| id.to_owned()),
            boot_ms: boot.map(|(_, millis)| millis),
            running: None,
            undoes: None,
            opens: None,
            by: None,
        }
    }

    fn entry() -> Entry {
        Entry {
            id: 1,
            seq: 9,
            draft: draft(Some(("b", 70))),
            body: None,
            problem: None,
            again: false,
            undoes_seq: Some(8),
        }
    }

    #[test]
    fn the_bytes_carry_the_claim_the_numbers_and_the_time_of_the_tap_on_the_servers_clock() {
        let at = (Timestamp::from_millis(1_250), ClockSource::Synced, Some(Timestamp::from_millis(900)));
        let body: Value = serde_json::from_str(&compose(&entry(), at).expect("composes")).expect("is JSON");
        assert_eq!((&body["note"], &body["undoes"]), (&"n".into(), &8.into()));
        assert_eq!(body["action"]["seq"], 9);
        assert_eq!(body["action"]["epoch"], 3);
        assert_eq!(body["action"]["occurredAt"], "1970-01-01T00:00:01.250Z");
        assert_eq!(body["action"]["wallAt"], "1970-01-01T00:00:01.000Z");
        assert_eq!(body["action"]["clock"], "synced");
        assert_eq!(body["action"]["runningSince"], "1970-01-01T00:00:00.900Z");
    }

    #[test]
    fn what_is_parked_is_named_by_its_number_and_carries_its_own_bytes() {
        let why = Problem::new(Code::StationOccupied, "taken");
        let body = compose_parking(&entry(), r#"{"note":"n"}"#, &why).expect("composes");
        let body: Value = serde_json::from_str(&body).expect("is JSON");
        assert_eq!((&body["seq"], &body["path"]), (&9.into(), &"/api/status-events".into()));
        assert_eq!((&body["body"]["note"], &body["problem"]["code"]), (&"n".into(), &"STATION_OCCUPIED".into()));
    }

    #[test]
    fn a_time_is_told_by_the_clock_of_its_boot_or_estimated_by_the_wall_clock() {
        let at = |draft: &Draft, offset, of_its_boot| {
            let (at, clock) = told(draft, offset, of_its_boot);
            (at.millis(), clock == ClockSource::Synced)
        };
        let offset = Offset { millis: 500, boot: Some(9_000), fresh: true };
        assert_eq!(at(&draft(Some(("b", 70))), offset, Some(9_000)), (9_070, true));
        assert_eq!(at(&draft(Some(("earlier", 70))), offset, None), (1_500, false), "never learnt in that boot");
        let (fresh, old) = (Offset { boot: None, ..offset }, Offset { boot: None, fresh: false, ..offset });
        assert_eq!(at(&draft(None), fresh, None), (1_500, true), "a system that does not name its boots");
        assert_eq!(at(&draft(None), old, None), (1_500, false));
    }
}
