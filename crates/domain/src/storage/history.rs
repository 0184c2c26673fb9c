//! A past for a floor that is being furnished: sessions that are over, with all that happened in them.
//!
//! Rows as a bulk insert takes them, not as the interface shows them: names are copied by the database from the
//! things they belong to, balances of steps are summed up there from the ledger. Serialised under the columns' names,
//! moments in milliseconds.
//!
//! Deliberately not here: a change record for any of it. Nobody watched; a log begins after its history.

use super::TokenHash;
use crate::action::QuarantineReason;
use millrace_protocol::checklist::{ChecklistAnswer, ChecklistMoment};
use millrace_protocol::floor::{ApprovalState, CallState};
use millrace_protocol::quantity::EntryKind;
use millrace_protocol::report::{ReportKind, ReportState};
use millrace_protocol::session::{CloseReason, Contact, SessionStatus};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{
    AmendmentId, ApprovalId, CallId, ChecklistId, InstanceId, JobItemId, KioskId, QuantityEntryId, QuarantineId,
    ReasonId, ReportId, SessionId, StationId, StatusDefinitionId, StatusEventId, StepId, WorkerId,
};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// What happened on a floor before its first start. What it names is in the same plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// Since when the plan's kiosks have been there.
    pub since: Option<Timestamp>,
    /// Kiosks that are no more.
    pub kiosks: Vec<PastKiosk>,
    /// Sessions, none of them open.
    pub sessions: Vec<PastSession>,
    /// Who owned them through time.
    pub claims: Vec<PastClaim>,
    /// Their stretches: without a hole from a session's start to its end.
    pub events: Vec<PastEvent>,
    /// What was counted in them.
    pub entries: Vec<PastEntry>,
    /// What was reported in them.
    pub reports: Vec<PastReport>,
    /// Every state a report was in.
    pub report_changes: Vec<PastReportChange>,
    /// First products that were asked about.
    pub approvals: Vec<PastApproval>,
    /// Calls to the supervisor.
    pub calls: Vec<PastCall>,
    /// Checklists that were answered.
    pub answers: Vec<PastAnswers>,
    /// Corrections.
    pub amendments: Vec<PastAmendment>,
    /// Actions that wait for a decision.
    pub quarantine: Vec<PastQuarantine>,
}

/// A kiosk that was revoked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastKiosk {
    pub id: KioskId,
    pub name: String,
    pub station_id: Option<StationId>,
    #[serde(serialize_with = "digits")]
    pub token_hash: TokenHash,
    #[serde(serialize_with = "millis")]
    pub enrolled_at: Timestamp,
    #[serde(serialize_with = "millis")]
    pub revoked_at: Timestamp,
    pub last_seq: u64,
}

/// A session that is over.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastSession {
    pub id: SessionId,
    pub worker_id: WorkerId,
    pub station_id: StationId,
    pub status: SessionStatus,
    pub close_reason: CloseReason,
    pub current_status_id: StatusDefinitionId,
    #[serde(serialize_with = "millis")]
    pub last_status_change_at: Timestamp,
    #[serde(serialize_with = "millis")]
    pub started_at: Timestamp,
    #[serde(serialize_with = "millis")]
    pub ended_at: Timestamp,
    pub contact: Contact,
    #[serde(serialize_with = "maybe_millis")]
    pub last_contact_at: Option<Timestamp>,
    pub total_good: u64,
    pub total_scrap: u64,
    pub malfunction_count: u32,
    pub job_item_id: Option<JobItemId>,
    pub step_id: Option<StepId>,
    pub count_missing: bool,
    pub version: u32,
}

/// Who owned a session for a while.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastClaim {
    pub session_id: SessionId,
    pub epoch: u32,
    pub instance_id: InstanceId,
    pub kiosk_id: KioskId,
    #[serde(serialize_with = "millis")]
    pub from_at: Timestamp,
    #[serde(serialize_with = "maybe_millis")]
    pub until_at: Option<Timestamp>,
}

/// A stretch of a session in one status.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastEvent {
    pub id: StatusEventId,
    pub session_id: SessionId,
    pub status_definition_id: StatusDefinitionId,
    pub reason_id: Option<ReasonId>,
    pub note: Option<String>,
    pub job_item_id: Option<JobItemId>,
    pub step_id: Option<StepId>,
    #[serde(serialize_with = "millis")]
    pub started_at: Timestamp,
    #[serde(serialize_with = "millis")]
    pub ended_at: Timestamp,
    pub epoch: u32,
    pub version: u32,
}

/// An entry of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastEntry {
    pub id: QuantityEntryId,
    pub session_id: SessionId,
    pub status_event_id: StatusEventId,
    pub job_item_id: JobItemId,
    pub step_id: StepId,
    pub good: i64,
    pub scrap: i64,
    pub scrap_reason_id: Option<ReasonId>,
    pub note: Option<String>,
    pub kind: EntryKind,
    pub corrects_id: Option<QuantityEntryId>,
    #[serde(serialize_with = "millis")]
    pub occurred_at: Timestamp,
    #[serde(serialize_with = "millis")]
    pub at: Timestamp,
}

/// A report, as it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastReport {
    pub id: ReportId,
    #[serde(rename = "type")]
    pub kind: ReportKind,
    pub state: ReportState,
    pub session_id: SessionId,
    pub status_event_id: StatusEventId,
    pub job_item_id: Option<JobItemId>,
    pub reason_id: Option<ReasonId>,
    pub description: Option<String>,
    pub scrap: u64,
    pub kiosk_id: KioskId,
    #[serde(serialize_with = "millis")]
    pub occurred_at: Timestamp,
    #[serde(serialize_with = "millis")]
    pub changed_at: Timestamp,
    pub changed_by: Option<String>,
    pub version: u32,
}

/// A state a report came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastReportChange {
    pub report_id: ReportId,
    pub version: u32,
    pub state: ReportState,
    pub actor: String,
    pub note: Option<String>,
    #[serde(serialize_with = "millis")]
    pub at: Timestamp,
}

/// The approval of a first product, decided.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastApproval {
    pub id: ApprovalId,
    pub state: ApprovalState,
    pub session_id: SessionId,
    pub job_item_id: JobItemId,
    pub step_id: StepId,
    #[serde(serialize_with = "millis")]
    pub asked_at: Timestamp,
    #[serde(serialize_with = "maybe_millis")]
    pub seen_at: Option<Timestamp>,
    pub seen_by: Option<String>,
    #[serde(serialize_with = "maybe_millis")]
    pub escalated_at: Option<Timestamp>,
    #[serde(serialize_with = "maybe_millis")]
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<String>,
    pub note: Option<String>,
    #[serde(serialize_with = "maybe_millis")]
    pub ended_at: Option<Timestamp>,
    pub version: u32,
}

/// A call to the supervisor.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastCall {
    pub id: CallId,
    pub state: CallState,
    pub session_id: SessionId,
    pub note: Option<String>,
    #[serde(serialize_with = "millis")]
    pub made_at: Timestamp,
    #[serde(serialize_with = "maybe_millis")]
    pub seen_at: Option<Timestamp>,
    pub seen_by: Option<String>,
    #[serde(serialize_with = "maybe_millis")]
    pub escalated_at: Option<Timestamp>,
    #[serde(serialize_with = "maybe_millis")]
    pub ended_at: Option<Timestamp>,
    pub version: u32,
}

/// A checklist as it was answered; the list is the one in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastAnswers {
    pub session_id: SessionId,
    pub moment: ChecklistMoment,
    pub checklist_id: ChecklistId,
    pub answers: Vec<ChecklistAnswer>,
    #[serde(serialize_with = "millis")]
    pub at: Timestamp,
}

/// A correction.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastAmendment {
    pub id: AmendmentId,
    pub kind: &'static str,
    pub session_id: SessionId,
    pub subject_id: uuid::Uuid,
    pub old: Value,
    pub new: Value,
    pub reason: String,
    pub actor: String,
    #[serde(serialize_with = "millis")]
    pub at: Timestamp,
}

/// An action that waits for a decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct PastQuarantine {
    pub id: QuarantineId,
    pub kiosk_id: KioskId,
    pub seq: u64,
    pub session_id: SessionId,
    pub path: String,
    pub body: Value,
    pub reason: QuarantineReason,
    #[serde(serialize_with = "millis")]
    pub occurred_at: Timestamp,
    #[serde(serialize_with = "millis")]
    pub at: Timestamp,
}

fn millis<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(moment.millis())
}

pub(super) fn maybe_millis<S: Serializer>(moment: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    moment.map(Timestamp::millis).serialize(serializer)
}

fn digits<S: Serializer>(hash: &TokenHash, serializer: S) -> Result<S::Ok, S::Error> {
    use std::fmt::Write;
    let digits = hash.iter().fold(String::new(), |mut digits, byte| {
        // A string takes whatever it is given.
        let _infallible = write!(digits, "{byte:02x}");
        digits
    });
    serializer.serialize_str(&digits)
}
