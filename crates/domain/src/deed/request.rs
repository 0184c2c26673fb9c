//! How deeds are asked for: what a request's body says, whether it comes over the wire now or lies in quarantine.

use super::Deed;
use crate::status::StatusChange;
use millrace_protocol::action::{
    ActionStamp, BindRequest, CallRequest, CountRequest, PlainRequest, ReasonRequest, ReopenRequest, ReportRequest,
    StatusChangeRequest,
};
use millrace_protocol::amendment::CorrectionRequest;
use millrace_protocol::session::CompleteRequest;
use millrace_protocol::{CallId, SessionId, StatusEventId};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A session, the claim on it, and what is done in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Asking {
    /// The session.
    pub session: SessionId,
    /// The claim, the number and the time.
    pub stamp: ActionStamp,
    /// What is done.
    pub deed: Deed,
}

impl From<StatusChangeRequest> for Asking {
    fn from(request: StatusChangeRequest) -> Self {
        let change = StatusChange {
            definition: request.status_definition_id,
            reason: request.reason_id,
            note: request.note,
            quantities: request.quantities,
            report: request.report,
        };
        Self { session: request.session_id, stamp: request.action, deed: Deed::ChangeStatus(change) }
    }
}

impl From<CountRequest> for Asking {
    fn from(request: CountRequest) -> Self {
        Self { session: request.session_id, stamp: request.action, deed: Deed::Count(request.quantities) }
    }
}

impl From<ReportRequest> for Asking {
    fn from(request: ReportRequest) -> Self {
        Self { session: request.session_id, stamp: request.action, deed: Deed::Report(request.report) }
    }
}

impl From<BindRequest> for Asking {
    fn from(request: BindRequest) -> Self {
        let deed = Deed::Bind { item: request.job_item_id, step: request.step_id, quantities: request.quantities };
        Self { session: request.session_id, stamp: request.action, deed }
    }
}

impl From<CorrectionRequest> for Asking {
    fn from(request: CorrectionRequest) -> Self {
        let deed = Deed::Correct { correction: request.correction, note: request.note };
        Self { session: request.session_id, stamp: request.action, deed }
    }
}

impl From<ReopenRequest> for Asking {
    fn from(request: ReopenRequest) -> Self {
        let stamp = ActionStamp { running_since: Some(request.running_since), ..request.action };
        Self { session: request.session_id, stamp, deed: Deed::Reopen }
    }
}

impl From<CompleteRequest> for Asking {
    fn from(request: CompleteRequest) -> Self {
        let deed =
            Deed::Complete { at: request.ended_at, quantities: request.quantities, checklist: request.checklist };
        Self { session: request.session_id, stamp: request.action, deed }
    }
}

/// Requests whose path says what is done.
impl Deed {
    /// A request that says no more than which session.
    #[must_use]
    pub fn plain(self, request: PlainRequest) -> Asking {
        Asking { session: request.session_id, stamp: request.action, deed: self }
    }

    /// A call, or the request of an approval.
    #[must_use]
    pub fn noted(request: CallRequest, deed: impl FnOnce(Option<String>) -> Self) -> Asking {
        Asking { session: request.session_id, stamp: request.action, deed: deed(request.note) }
    }

    /// The reason of a stretch.
    #[must_use]
    pub fn reason(event: StatusEventId, request: ReasonRequest) -> Asking {
        let deed = Self::GiveReason { event, reason: request.reason_id, note: request.note };
        Asking { session: request.session_id, stamp: request.action, deed }
    }
}

/// What an entry that lies in quarantine asks for, by where it was sent and what was sent; none where that can't be
/// read, or is no deed (an opening, an undo).
#[must_use]
pub fn read(path: &str, body: &Value) -> Option<Asking> {
    let parts: Vec<&str> = path.strip_prefix("/api/")?.split('/').collect();
    match parts.as_slice() {
        ["status-events"] => body_of::<StatusChangeRequest>(body).map(Asking::from),
        ["status-events", event, "reason"] => {
            Some(Deed::reason(StatusEventId(event.parse().ok()?), body_of::<ReasonRequest>(body)?))
        }
        ["sessions", "quantities"] => body_of::<CountRequest>(body).map(Asking::from),
        ["reports"] => body_of::<ReportRequest>(body).map(Asking::from),
        ["sessions", "bind-job-item"] => body_of::<BindRequest>(body).map(Asking::from),
        ["sessions", "unbind-job-item"] => Some(Deed::Unbind.plain(body_of(body)?)),
        ["sessions", "corrections"] => body_of::<CorrectionRequest>(body).map(Asking::from),
        ["sessions", "complete"] => body_of::<CompleteRequest>(body).map(Asking::from),
        ["sessions", "abandon"] => Some(Deed::Abandon.plain(body_of(body)?)),
        ["sessions", "still-here"] => Some(Deed::StillHere.plain(body_of(body)?)),
        ["sessions", "reopen"] => body_of::<ReopenRequest>(body).map(Asking::from),
        ["approvals"] => Some(Deed::noted(body_of(body)?, |note| Deed::AskApproval { note })),
        ["calls"] => Some(Deed::noted(body_of(body)?, |note| Deed::Call { note })),
        ["calls", call, "cancel"] => Some(Deed::CancelCall(CallId(call.parse().ok()?)).plain(body_of(body)?)),
        _ => None,
    }
}

fn body_of<T: DeserializeOwned>(body: &Value) -> Option<T> {
    serde_json::from_value(body.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn deed(path: &str, body: &Value) -> Option<Deed> {
        read(path, body).map(|asking| asking.deed)
    }

    #[test]
    fn an_entry_is_read_by_its_path_and_its_body() {
        let id = "01890000-0000-7000-8000-000000000001";
        let action = json!({"seq": 1, "instanceId": id, "epoch": 1, "occurredAt": "2026-11-27T10:00:00.000Z"});
        let plain = json!({"sessionId": id, "action": action});
        assert!(deed("/api/sessions/abandon", &plain) == Some(Deed::Abandon));
        assert!(matches!(deed(&format!("/api/calls/{id}/cancel"), &plain), Some(Deed::CancelCall(_))));
        let reason = json!({"sessionId": id, "reasonId": id, "action": action});
        let path = format!("/api/status-events/{id}/reason");
        assert!(matches!(deed(&path, &reason), Some(Deed::GiveReason { .. })));
        assert_eq!(read("/api/sessions/abandon", &reason), None, "a member it does not know");
        for path in ["/api/sessions", "/api/actions/undo", "/api/status-events/x/reason", "/healthz", ""] {
            assert_eq!(read(path, &plain), None, "{path}");
        }
    }
}
