//! What passes between the floor and its supervisors: approvals, calls, messages, and what waits for a decision.

use crate::amendment::Figures;
use crate::ids::{
    ApprovalId, CallId, JobItemId, KioskId, MessageId, QuarantineId, SessionId, StationId, StepId, WorkerId,
};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use utoipa::ToSchema;

/// Where the approval of a first product stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ApprovalState {
    /// Asked for.
    Pending,
    /// Production may begin.
    Approved,
    /// It may not; the note says why.
    Refused,
    /// The worker took the request back.
    Withdrawn,
}

/// What a step asks for before production.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ApprovalStanding {
    /// Nothing.
    None,
    /// An approval that nobody has asked for yet.
    Needed,
    /// It was asked for.
    Pending,
    /// It is there.
    Approved,
    /// It was refused.
    Refused,
}

/// The approval of the first product of an item's step at a station. It holds until the next setup there, or 12 h.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// Where it stands.
    pub state: ApprovalState,
    /// The station.
    pub station_id: StationId,
    /// Its code then.
    pub station_code: String,
    /// Its name then.
    pub station_name: String,
    /// The session that asks.
    pub session_id: SessionId,
    /// Who asks.
    pub worker_id: WorkerId,
    /// His name then.
    pub worker_name: String,
    /// For which item.
    pub job_item_id: JobItemId,
    /// Its name.
    pub job_item_name: String,
    /// Its job's number.
    pub job_number: String,
    /// For which step.
    pub step_id: StepId,
    /// Since when.
    pub asked_at: Timestamp,
    /// When a supervisor first looked at it.
    pub seen_at: Option<Timestamp>,
    /// Who.
    pub seen_by: Option<String>,
    /// When it was raised because nobody had looked.
    pub escalated_at: Option<Timestamp>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom.
    pub decided_by: Option<String>,
    /// What he adds; a refusal always has one.
    pub note: Option<String>,
    /// When a setup at the station ended it.
    pub ended_at: Option<Timestamp>,
    /// Counts the changes of this row.
    pub version: u32,
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum CallState {
    /// Nobody has seen it.
    Open,
    /// Somebody is on his way.
    Seen,
    /// It is over.
    Done,
    /// The worker took it back, or his session ended.
    Cancelled,
}

/// A call to the supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// Its id.
    pub id: CallId,
    /// Where it stands.
    pub state: CallState,
    /// The station.
    pub station_id: StationId,
    /// Its code then.
    pub station_code: String,
    /// Its name then.
    pub station_name: String,
    /// The session that calls.
    pub session_id: SessionId,
    /// Who calls.
    pub worker_id: WorkerId,
    /// His name then.
    pub worker_name: String,
    /// What he adds.
    pub note: Option<String>,
    /// When.
    pub made_at: Timestamp,
    /// When it was seen.
    pub seen_at: Option<Timestamp>,
    /// By whom.
    pub seen_by: Option<String>,
    /// When it was raised because nobody had seen it.
    pub escalated_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Counts the changes of this row.
    pub version: u32,
}

/// A message to a kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// To which kiosk.
    pub kiosk_id: KioskId,
    /// What it says.
    pub text: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// By whom.
    pub sent_by: String,
    /// When the kiosk showed it.
    pub shown_at: Option<Timestamp>,
    /// When somebody at the kiosk confirmed it.
    pub confirmed_at: Option<Timestamp>,
    /// Counts the changes of this row.
    pub version: u32,
}

/// An action that waits for a supervisor's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuarantineEntry {
    /// Its id.
    pub id: QuarantineId,
    /// The kiosk it came from.
    pub kiosk_id: KioskId,
    /// Its number there.
    #[ts(type = "number")]
    pub seq: u64,
    /// The session it names.
    pub session_id: SessionId,
    /// Where it was sent to.
    pub path: String,
    /// What was sent.
    #[schema(value_type = Object)]
    #[ts(type = "unknown")]
    pub body: Value,
    /// What stood against it, where its kiosk parked it: the problem.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    #[ts(type = "unknown")]
    pub problem: Option<Value>,
    /// Why it could not be applied.
    pub reason: String,
    /// When it was tapped.
    pub occurred_at: Timestamp,
    /// When it came here.
    pub at: Timestamp,
    /// Whose session, as far as it is known.
    #[serde(default)]
    pub worker_name: Option<String>,
    /// Where, as far as it is known.
    #[serde(default)]
    pub station_name: Option<String>,
    /// What was decided; absent while it waits.
    #[serde(default)]
    pub decision: Option<QuarantineDecision>,
    /// When.
    #[serde(default)]
    pub decided_at: Option<Timestamp>,
    /// By whom.
    #[serde(default)]
    pub decided_by: Option<String>,
    /// The entry that this one takes back: they are decided together.
    #[serde(default)]
    pub undoes_id: Option<QuarantineId>,
}

/// What a supervisor decided about an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum QuarantineDecision {
    /// It is history now.
    Accepted,
    /// It counts for nothing.
    Rejected,
}

/// `POST /api/admin/quarantine/{id}/accept`, and its preview
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptDraft {
    /// Why: 1 to 500 characters.
    pub reason: String,
    /// The entry's body as it should have been; absent: as it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    #[ts(optional, type = "unknown")]
    pub body: Option<Value>,
}

/// `POST /api/admin/quarantine/{id}/reject`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RejectDraft {
    /// Why: 1 to 500 characters.
    pub reason: String,
}

/// `POST /api/admin/quarantine/accept`, `POST /api/admin/quarantine/reject`: all that waits of one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WholeDraft {
    /// Which session.
    pub session_id: SessionId,
    /// Why: 1 to 500 characters.
    pub reason: String,
}

/// What was decided, or would be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
pub struct Decided {
    /// The entries, in the order of their numbers.
    pub entries: Vec<QuarantineEntry>,
    /// The figures of their session before; absent where it is not known yet.
    pub before: Option<Figures>,
    /// The same after.
    pub after: Option<Figures>,
}
