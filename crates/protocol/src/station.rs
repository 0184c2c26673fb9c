//! Stations: where people work, who is there, and what a station asks.

use crate::ids::{AreaId, ChecklistId, StationId};
use crate::session::Contact;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Who is at a station now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Occupancy {
    /// The worker's name.
    pub worker_name: String,
    /// Since when.
    pub since: Timestamp,
    /// Whether his kiosk is heard.
    pub contact: Contact,
}

/// A station: a machine or a place of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Station {
    /// Its id.
    pub id: StationId,
    /// Short unique name.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What kind of machine it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// The area it stands in.
    pub area_id: Option<AreaId>,
    /// The area it stands in, by name.
    pub area: Option<String>,
    /// Whether it is in use: no session starts at one that is not.
    pub active: bool,
    /// Whether somebody has to be there while the machine runs.
    pub attended: bool,
    /// A stop shorter than this asks nothing, in milliseconds; absent: as everywhere in the plant.
    #[ts(type = "number | null")]
    pub minor_stop_ms: Option<u64>,
    /// Nobody touched the kiosk for so long, while nothing is produced: the session is flagged; absent: as everywhere in
    /// the plant. In milliseconds.
    #[ts(type = "number | null")]
    pub untouched_ms: Option<u64>,
    /// What is asked when a session starts here.
    pub start_checklist_id: Option<ChecklistId>,
    /// What is asked when it ends.
    pub end_checklist_id: Option<ChecklistId>,
    /// Counts its changes: what `If-Match` names. Who is there is no change of the station.
    pub version: u32,
    /// Who is there; absent when it is free.
    pub occupancy: Option<Occupancy>,
}

/// A station that a worker may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StationChoice {
    /// The station.
    #[serde(flatten)]
    pub station: Station,
    /// Whether he is meant for others: he may use it, and his session there is marked.
    #[serde(default)]
    pub outside_assignment: bool,
}

/// `GET /api/stations`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
pub struct StationList {
    /// By code.
    pub stations: Vec<StationChoice>,
}

/// What a station is to be: `POST` and `PUT` of `/api/admin/stations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StationDraft {
    /// Short unique name, without blanks.
    pub code: String,
    /// What people call it; 1 to 80 characters.
    pub name: String,
    /// What kind of machine it is, in the plant's own words; 1 to 40 characters.
    #[serde(rename = "type")]
    pub kind: String,
    /// The area it stands in.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub area_id: Option<AreaId>,
    /// Whether it is in use; it is, unless said otherwise.
    #[serde(default = "crate::yes")]
    #[ts(optional, as = "Option<bool>")]
    pub active: bool,
    /// Whether somebody has to be there while the machine runs; so it is, unless said otherwise.
    #[serde(default = "crate::yes")]
    #[ts(optional, as = "Option<bool>")]
    pub attended: bool,
    /// A stop shorter than this asks nothing, in milliseconds, up to an hour; absent: as everywhere in the plant.
    #[serde(default)]
    #[ts(optional = nullable, as = "Option<u32>")]
    pub minor_stop_ms: Option<u64>,
    /// Nobody touched the kiosk for so long, while nothing is produced: the session is flagged. In milliseconds, from a
    /// minute to a day; absent: as everywhere in the plant.
    #[serde(default)]
    #[ts(optional = nullable, as = "Option<u32>")]
    pub untouched_ms: Option<u64>,
    /// What is asked when a session starts here.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub start_checklist_id: Option<ChecklistId>,
    /// What is asked when it ends.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub end_checklist_id: Option<ChecklistId>,
}

/// `GET /api/admin/stations/types`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
pub struct StationTypes {
    /// The types that stations have, each once, by name: suggestions for the next.
    pub types: Vec<String>,
}
