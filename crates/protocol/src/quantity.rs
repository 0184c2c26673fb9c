//! Pieces: what is counted, and the entries of the ledger.

use crate::ids::{JobItemId, QuantityEntryId, ReasonId, SessionId, StatusEventId, StepId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Number;
use ts_rs::TS;
use utoipa::ToSchema;

/// A counter that was read instead of counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// What it showed at the start.
    #[ts(type = "number")]
    pub start: u64,
    /// What it shows now.
    #[ts(type = "number")]
    pub end: u64,
}

/// Pieces as a worker reports them: added to what was reported before. Over-production is allowed.
///
/// Either `good`, or a `counter`: then good is what it moved on, less the scrap. Scrap needs a reason or a note.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Quantities {
    /// Good pieces, an integer ≥ 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    #[ts(optional, type = "number")]
    pub good: Option<Number>,
    /// Scrap, an integer ≥ 0; none where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    #[ts(optional, type = "number")]
    pub scrap: Option<Number>,
    /// A counter's readings, in place of `good`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub counter: Option<Counter>,
    /// Why it is scrap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub scrap_reason_id: Option<ReasonId>,
    /// What the worker adds, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}

/// Why an entry is in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// The worker counted.
    Count,
    /// The next worker counted, when he took the machine over.
    Handover,
    /// The worker took an entry back at once.
    Undo,
    /// An amendment.
    Correction,
}

/// One entry of the ledger of quantities: the one source of truth, only ever added to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuantityEntry {
    /// Its id.
    pub id: QuantityEntryId,
    /// The session it was counted in.
    pub session_id: SessionId,
    /// The stretch it was counted in.
    pub status_event_id: Option<StatusEventId>,
    /// The item it counts for; absent where none was bound.
    pub job_item_id: Option<JobItemId>,
    /// The item's step.
    pub step_id: Option<StepId>,
    /// Good pieces; negative only in what takes back.
    #[ts(type = "number")]
    pub good: i64,
    /// Scrap; negative only in what takes back.
    #[ts(type = "number")]
    pub scrap: i64,
    /// Why it is scrap.
    pub scrap_reason_id: Option<ReasonId>,
    /// What the worker added.
    pub note: Option<String>,
    /// The readings it comes from.
    pub counter: Option<Counter>,
    /// Why it is here.
    pub kind: EntryKind,
    /// The entry it takes back, wholly or in part.
    pub corrects_id: Option<QuantityEntryId>,
    /// When it was counted.
    pub occurred_at: Timestamp,
}
