//! Corrections of history: what is to be put right, what it changes, and what was put right by whom.
//!
//! Nothing is overwritten without a trace: an amendment keeps what was so, what is so now, who said it and why.

use crate::action::ActionStamp;
use crate::ids::{
    AmendmentId, JobItemId, QuantityEntryId, ReasonId, ReportId, SessionId, StatusDefinitionId, StatusEventId, StepId,
    WorkerId,
};
use crate::session::{Session, Totals};
use crate::status::{Labels, TimeClass};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use utoipa::ToSchema;

/// What is to be put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Correction {
    /// How many an entry of the ledger should have said.
    Count(CountCorrection),
    /// Pieces of a stretch that nobody had counted.
    AddedCount(AddedCount),
    /// Which item and step a stretch worked on; its pieces move with it.
    Item(ItemCorrection),
    /// Which status a stretch was in.
    Status(StatusCorrection),
    /// Why.
    Reason(ReasonCorrection),
    /// When one stretch ended and the next began.
    Boundary(BoundaryCorrection),
    /// Who worked in an ended session.
    Worker(WorkerCorrection),
    /// When an ended session began.
    Start(StartCorrection),
    /// When an ended session ended.
    End(EndCorrection),
    /// What a report says; its type stays.
    Report(ReportCorrection),
}

/// `count`: what the entry should have said. The ledger gets the difference, as an entry of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountCorrection {
    /// The entry as it was counted.
    pub entry_id: QuantityEntryId,
    /// Good pieces.
    #[ts(type = "number")]
    pub good: u64,
    /// Scrap.
    #[ts(type = "number")]
    pub scrap: u64,
    /// Why it is scrap, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub scrap_reason_id: Option<ReasonId>,
}

/// `addedCount`: pieces of a stretch that nobody had counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddedCount {
    /// The stretch they were made in.
    pub status_event_id: StatusEventId,
    /// Good pieces.
    #[ts(type = "number")]
    pub good: u64,
    /// Scrap.
    #[ts(type = "number")]
    pub scrap: u64,
    /// Why it is scrap, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub scrap_reason_id: Option<ReasonId>,
}

/// `item`: what a stretch worked on; both absent: on nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ItemCorrection {
    /// The stretch.
    pub status_event_id: StatusEventId,
    /// The item.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub job_item_id: Option<JobItemId>,
    /// Its step at the session's station.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub step_id: Option<StepId>,
}

/// `status`: which status a stretch was in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusCorrection {
    /// The stretch.
    pub status_event_id: StatusEventId,
    /// The status.
    pub status_definition_id: StatusDefinitionId,
    /// Its reason; absent: the one it had, where the machine's state stays the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason_id: Option<ReasonId>,
}

/// `reason`: why a stretch was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReasonCorrection {
    /// The stretch.
    pub status_event_id: StatusEventId,
    /// Its reason; absent: none.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub reason_id: Option<ReasonId>,
    /// The worker's note in its new words; absent: as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}

/// `boundary`: when a stretch began, and the one before it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BoundaryCorrection {
    /// The later of the two.
    pub status_event_id: StatusEventId,
    /// When it began: not before the earlier one, not after its own end.
    pub started_at: Timestamp,
}

/// `worker`: who worked in an ended session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkerCorrection {
    /// The session.
    pub session_id: SessionId,
    /// The worker.
    pub worker_id: WorkerId,
}

/// `start`: when an ended session began. Its first stretch is cut or made longer; none is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartCorrection {
    /// The session.
    pub session_id: SessionId,
    /// When it began.
    pub started_at: Timestamp,
}

/// `end`: when an ended session ended. Its last stretch is cut or made longer; none is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EndCorrection {
    /// The session.
    pub session_id: SessionId,
    /// When it ended.
    pub ended_at: Timestamp,
}

/// `report`: what a report says. What is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportCorrection {
    /// The report.
    pub report_id: ReportId,
    /// One of the station's reasons of its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason_id: Option<ReasonId>,
    /// What it describes, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub description: Option<String>,
}

/// `POST /api/admin/amendments` and `/preview`: what is to be put right, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct AmendmentDraft {
    /// What.
    #[serde(flatten)]
    pub correction: Correction,
    /// Why: 1 to 500 characters.
    pub reason: String,
}

/// `POST /api/sessions/corrections`: a worker puts something right in his own open session: `count`, `addedCount`,
/// `item`, `status`, `reason` or `boundary`, by the rules that he worked under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorrectionRequest {
    /// The session.
    pub session_id: SessionId,
    /// What.
    pub correction: Correction,
    /// Why, in his words, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
    /// The claim, and when it was tapped.
    pub action: ActionStamp,
}

/// What was put right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Amendment {
    /// Its id.
    pub id: AmendmentId,
    /// Which kind: that of the correction, or `close` where a supervisor closed the session.
    pub kind: String,
    /// The session it is about.
    pub session_id: Option<SessionId>,
    /// What was changed: an entry, a stretch, a report, or the session itself.
    #[schema(value_type = String, format = Uuid)]
    #[ts(type = "string")]
    pub subject_id: uuid::Uuid,
    /// The members that changed, as they were.
    #[schema(value_type = Object)]
    #[ts(type = "Record<string, unknown>")]
    pub old: Value,
    /// As they are now.
    #[schema(value_type = Object)]
    #[ts(type = "Record<string, unknown>")]
    pub new: Value,
    /// Why.
    pub reason: String,
    /// By whom: a user name, or `worker` with his code.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// Figures of a session and of what was made in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who worked in it.
    pub worker_name: String,
    /// Pieces counted in it.
    pub totals: Totals,
    /// The balances of the steps it worked on.
    pub steps: Vec<StepFigures>,
    /// The items it worked on, with all sessions' work.
    pub items: Vec<ItemFigures>,
    /// Its time by status.
    pub statuses: Vec<StatusFigures>,
    /// Its time by how it counts.
    pub time_classes: Vec<TimeClassFigures>,
    /// Milliseconds that nobody knows: in no status and no class.
    #[ts(type = "number")]
    pub unknown_ms: u64,
}

/// The balance of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepFigures {
    /// The step.
    pub step_id: StepId,
    /// Its item.
    pub job_item_id: JobItemId,
    /// Its place in the item.
    pub position: u32,
    /// Good pieces.
    #[ts(type = "number")]
    pub good: u64,
    /// Scrap.
    #[ts(type = "number")]
    pub scrap: u64,
}

/// The progress of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ItemFigures {
    /// The item.
    pub job_item_id: JobItemId,
    /// Its job's number.
    pub job_number: String,
    /// What is made.
    pub name: String,
    /// Good pieces of the terminal step.
    #[ts(type = "number")]
    pub completed_good: u64,
    /// Scrap of all steps.
    #[ts(type = "number")]
    pub completed_scrap: u64,
    /// Whether it is done.
    pub complete: bool,
    /// Milliseconds worked on it: the sum of its stretches.
    #[ts(type = "number")]
    pub time_ms: u64,
}

/// Time in a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusFigures {
    /// The status.
    pub status_definition_id: StatusDefinitionId,
    /// What people read.
    pub labels: Labels,
    /// Milliseconds.
    #[ts(type = "number")]
    pub time_ms: u64,
}

/// Time by how it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct TimeClassFigures {
    /// How it counts; absent for stretches of an earlier version that don't say.
    pub time_class: Option<TimeClass>,
    /// Milliseconds.
    #[ts(type = "number")]
    pub time_ms: u64,
}

/// The answer to an amendment and to its preview: the figures it changes, before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
pub struct Amended {
    /// What was, or would be, put right.
    pub amendment: Amendment,
    /// Before.
    pub before: Figures,
    /// After.
    pub after: Figures,
}

/// `POST /api/admin/sessions/{id}/close`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloseDraft {
    /// Why: 1 to 500 characters.
    pub reason: String,
    /// When it ended; absent: at its last contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ended_at: Option<Timestamp>,
}

/// A session that a supervisor closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
pub struct Closed {
    /// The session.
    pub session: Session,
    /// What was noted about it.
    pub amendment: Amendment,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_draft_is_one_object_and_takes_no_member_it_does_not_know() {
        let entry = "01890000-0000-7000-8000-000000000001";
        let body = json!({"kind": "count", "entryId": entry, "good": 5, "scrap": 0, "reason": "miscounted"});
        let draft: AmendmentDraft = serde_json::from_value(body.clone()).expect("reads");
        assert!(matches!(&draft.correction, Correction::Count(count) if count.good == 5));
        assert_eq!(serde_json::to_value(&draft).expect("writes"), body);
        let mut more = body.clone();
        more["godo"] = 5.into();
        assert!(serde_json::from_value::<AmendmentDraft>(more).is_err());
        for wrong in [json!({"kind": "magic", "reason": "x"}), json!({"kind": "count", "reason": "x"}), json!({})] {
            assert!(serde_json::from_value::<AmendmentDraft>(wrong).is_err());
        }
    }
}
