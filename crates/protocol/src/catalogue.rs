//! Statuses and reasons as they are managed: what kiosks see of them, and what the office has to know besides.

use crate::ids::StationId;
use crate::status::{Labels, MachineState, Reason, ReasonType, ReasonWanted, ReportType, StatusDefinition, TimeClass};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A status with what its management needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ManagedStatus {
    /// The status as kiosks see it.
    #[serde(flatten)]
    pub definition: StatusDefinition,
    /// The station it belongs to; absent: every station has it.
    pub station_id: Option<StationId>,
    /// Its place among the tiles: smaller comes first.
    pub position: u32,
    /// Whether it can be chosen. One that can't stays in history.
    pub active: bool,
    /// Counts its changes: what `If-Match` names.
    pub version: u32,
}

/// What a status is to be: `POST` and `PUT` of `/api/admin/status-definitions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusDraft {
    /// The station it belongs to; absent: every station has it. Stays as it was made.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub station_id: Option<StationId>,
    /// Its name for programs: a small letter, then small letters, digits, `-` or `_`; 40 at most. Unique where it
    /// belongs, and stays as it was made.
    pub key: String,
    /// What people read; English is required, other languages may follow.
    pub labels: Labels,
    /// Background colour, `#RRGGBB`. White or black has to be readable on it (4.5:1).
    pub color: String,
    /// What the machine does.
    pub machine_state: MachineState,
    /// How its time counts: production as production, setup as setup, a stoppage as one of both stops.
    pub time_class: TimeClass,
    /// When its reason is asked for.
    pub reason_wanted: ReasonWanted,
    /// The report it asks for.
    pub report_type: ReportType,
    /// Its place among the tiles: smaller comes first.
    #[serde(default)]
    #[ts(optional, as = "Option<u32>")]
    pub position: u32,
    /// Whether it can be chosen; it can, unless said otherwise.
    #[serde(default = "crate::yes")]
    #[ts(optional, as = "Option<bool>")]
    pub active: bool,
}

/// A reason with what its management needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ManagedReason {
    /// The reason as kiosks see it.
    #[serde(flatten)]
    pub reason: Reason,
    /// What it explains.
    #[serde(rename = "type")]
    pub kind: ReasonType,
    /// The station it belongs to; absent: every station has it.
    pub station_id: Option<StationId>,
    /// Its place in the list: smaller comes first.
    pub position: u32,
    /// Whether it can be chosen. One that can't stays in history.
    pub active: bool,
    /// Counts its changes: what `If-Match` names.
    pub version: u32,
}

/// What a reason is to be: `POST` and `PUT` of `/api/admin/reasons`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReasonDraft {
    /// What it explains. Stays as it was made.
    #[serde(rename = "type")]
    pub kind: ReasonType,
    /// The station it belongs to; absent: every station has it. Stays as it was made.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub station_id: Option<StationId>,
    /// What people read; English is required, other languages may follow.
    pub labels: Labels,
    /// Its place in the list: smaller comes first.
    #[serde(default)]
    #[ts(optional, as = "Option<u32>")]
    pub position: u32,
    /// Whether it can be chosen; it can, unless said otherwise.
    #[serde(default = "crate::yes")]
    #[ts(optional, as = "Option<bool>")]
    pub active: bool,
}

/// What became of a status or a reason that was to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum Deletion {
    /// Nothing had used it: it is gone.
    Removed,
    /// History uses it: it stays there, but can't be chosen any more.
    Retired,
}

/// The answer to `DELETE` of a status or a reason.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
pub struct Deleted {
    /// What became of it.
    pub outcome: Deletion,
}
