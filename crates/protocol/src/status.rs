//! Statuses a machine can be in, and the stretches a session spent in them.

use crate::ids::{JobItemId, ReasonId, SessionId, StatusDefinitionId, StatusEventId, StepId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;
use utoipa::ToSchema;

/// Text by language tag (`en`, `he`, …). English is always there.
pub type Labels = BTreeMap<String, String>;

/// What the machine does in a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum MachineState {
    /// It makes parts.
    Production,
    /// It is being made ready.
    Setup,
    /// It stands.
    Stoppage,
}

/// How time in a status counts in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub enum TimeClass {
    /// Time in which parts are made.
    Production,
    /// Time of making ready.
    Setup,
    /// A stop that was meant.
    PlannedStop,
    /// A stop that was not.
    UnplannedStop,
}

/// When a status asks for its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ReasonWanted {
    /// It has none.
    Never,
    /// It may be given until the session ends.
    Later,
    /// Without it the status is refused.
    Now,
}

/// Which report a status asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ReportType {
    /// None.
    None,
    /// A malfunction report.
    Malfunction,
    /// A general report.
    General,
}

/// A status the plant defined, for all stations or for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusDefinition {
    /// Its id.
    pub id: StatusDefinitionId,
    /// Stable name; the protected ones are found by it, never by a label.
    pub key: String,
    /// What people read.
    pub labels: Labels,
    /// Background colour, `#RRGGBB`.
    pub color: String,
    /// What the machine does.
    pub machine_state: MachineState,
    /// How its time counts.
    pub time_class: TimeClass,
    /// When its reason is asked for.
    pub reason_wanted: ReasonWanted,
    /// The report it asks for.
    pub report_type: ReportType,
    /// Whether it is one of the four that can't be removed.
    pub protected: bool,
}

/// The part of a status definition that a board needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct CurrentStatus {
    /// Stable name.
    pub key: String,
    /// What people read.
    pub labels: Labels,
    /// Background colour, `#RRGGBB`.
    pub color: String,
    /// What the machine does.
    pub machine_state: MachineState,
}

impl From<&StatusDefinition> for CurrentStatus {
    fn from(definition: &StatusDefinition) -> Self {
        Self {
            key: definition.key.clone(),
            labels: definition.labels.clone(),
            color: definition.color.clone(),
            machine_state: definition.machine_state,
        }
    }
}

/// A stretch of a session in one status. At most one of a session is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusEvent {
    /// Its id.
    pub id: StatusEventId,
    /// The session.
    pub session_id: SessionId,
    /// The status.
    pub status_definition_id: StatusDefinitionId,
    /// The status as it was named then.
    pub status: CurrentStatus,
    /// Why, where a reason was given.
    pub reason_id: Option<ReasonId>,
    /// What the worker added.
    pub note: Option<String>,
    /// How its time counts.
    #[serde(default)]
    pub time_class: Option<TimeClass>,
    /// The item in work: its time is the sum of its stretches, and nothing else.
    #[serde(default)]
    pub job_item_id: Option<JobItemId>,
    /// Its name then.
    #[serde(default)]
    pub job_item_name: Option<String>,
    /// Its job's number.
    #[serde(default)]
    pub job_number: Option<String>,
    /// Its step.
    #[serde(default)]
    pub step_id: Option<StepId>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; absent while it lasts.
    pub ended_at: Option<Timestamp>,
    /// Nobody knows what the machine did then: its kiosk was not running. Its time counts as unknown until worker or
    /// supervisor say what it was.
    #[serde(default)]
    pub unknown: bool,
    /// It was taken back: it lasted no time, and is shown nowhere.
    #[serde(default)]
    pub voided: bool,
    /// Whether its start was told by the kiosk's wall clock alone.
    #[serde(default)]
    pub estimated: bool,
    /// When the kiosk said it began, where the server moved that by more than 2 s.
    #[serde(default)]
    pub shifted_from: Option<Timestamp>,
    /// The epoch of the session that owned it.
    pub epoch: u32,
    /// Counts the changes of this row.
    pub version: u32,
}

/// `GET /api/statuses`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
pub struct StatusList {
    /// Global ones first, then the station's own.
    pub statuses: Vec<StatusDefinition>,
}

/// A reason for a stop or a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Reason {
    /// Its id.
    pub id: ReasonId,
    /// What people read.
    pub labels: Labels,
}

/// `GET /api/reasons`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
pub struct ReasonList {
    /// In the order of the plant.
    pub reasons: Vec<Reason>,
}

/// What a reason explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ReasonType {
    /// A stop.
    Stop,
    /// A malfunction.
    Malfunction,
    /// A general report.
    General,
    /// Scrap.
    Scrap,
}
