//! History as it is read: a session with all that happened in it, and rows for spreadsheets.

use crate::amendment::Amendment;
use crate::checklist::{ChecklistAnswer, ChecklistItem, ChecklistMoment};
use crate::ids::ChecklistId;
use crate::quantity::QuantityEntry;
use crate::report::Report;
use crate::session::Session;
use crate::status::StatusEvent;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `GET /api/admin/sessions/{id}`: a session and all that happened in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionRecord {
    /// The session.
    pub session: Session,
    /// Its stretches, by their start.
    pub status_events: Vec<StatusEvent>,
    /// What was counted in it, in order.
    pub quantities: Vec<QuantityEntry>,
    /// What was reported in it, in order.
    pub reports: Vec<Report>,
    /// What was put right in it, in order.
    pub amendments: Vec<Amendment>,
    /// The checklists that were answered.
    pub checklists: Vec<AnsweredChecklist>,
}

/// `GET /api/sessions/{id}`: his own session, for the worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorkerSession {
    /// The session.
    pub session: Session,
    /// Its stretches, by their start.
    pub status_events: Vec<StatusEvent>,
    /// What was counted in it, in order.
    pub entries: Vec<QuantityEntry>,
}

/// A checklist as it was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct AnsweredChecklist {
    /// At the start or the end.
    pub moment: ChecklistMoment,
    /// By the owner under this epoch.
    pub epoch: u32,
    /// The list.
    pub checklist_id: ChecklistId,
    /// In which version.
    pub checklist_version: u32,
    /// Its items as they were then.
    pub items: Vec<ChecklistItem>,
    /// What was answered.
    pub answers: Vec<ChecklistAnswer>,
    /// When.
    pub at: Timestamp,
}
