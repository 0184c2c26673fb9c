//! What a kiosk keeps on its disk so that its station goes on without the server.

use crate::checklist::StationChecklists;
use crate::planning::StationJobItem;
use crate::station::Station;
use crate::status::{Reason, StatusDefinition};
use crate::time::Timestamp;
use crate::worker::Worker;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `GET /api/kiosks/provisions`: all that a kiosk bound to a station needs to start, hand over and end sessions there
/// while the server is away. Its age is to be shown with it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Provisions {
    /// When it was so.
    pub as_of: Timestamp,
    /// Whether the plant lets kiosks start sessions without the server.
    pub offline_start: bool,
    /// The station the kiosk stands at; absent for a kiosk without one, which starts nothing alone.
    pub station: Option<Station>,
    /// The workers who may use it, by code.
    pub workers: Vec<ProvidedWorker>,
    /// Its statuses: global ones first.
    pub statuses: Vec<StatusDefinition>,
    /// Its reasons, by type.
    pub reasons: ProvidedReasons,
    /// What it asks at the start and at the end.
    pub checklists: StationChecklists,
    /// What can be made there.
    pub job_items: Vec<StationJobItem>,
}

/// A worker as a kiosk without the server knows him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProvidedWorker {
    /// He.
    pub worker: Worker,
    /// Whether he has a PIN. It is not here: a kiosk can only know him again by one that it has heard itself.
    pub has_pin: bool,
    /// SHA-256 of what a reader types of each of his badges that is valid, as hex.
    pub badges: Vec<String>,
    /// Whether he is meant for other stations: his session is marked.
    pub outside_assignment: bool,
}

/// The reasons of a station.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ProvidedReasons {
    /// Of a stop.
    pub stop: Vec<Reason>,
    /// Of a malfunction.
    pub malfunction: Vec<Reason>,
    /// Of a general report.
    pub general: Vec<Reason>,
    /// Of scrap.
    pub scrap: Vec<Reason>,
}
