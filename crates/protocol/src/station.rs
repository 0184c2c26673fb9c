//! Stations as a kiosk sees them.

use crate::ids::StationId;
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

/// A station a worker may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
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
    /// The area it stands in, by name.
    pub area: Option<String>,
    /// Who is there; absent when it is free.
    pub occupancy: Option<Occupancy>,
}

/// `GET /api/stations`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
pub struct StationList {
    /// By code.
    pub stations: Vec<Station>,
}
