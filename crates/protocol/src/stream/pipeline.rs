//! What a worker can work on, and where: stations with who is there and what waits.

use super::InitialReason;
use crate::cursor::Cursor;
use crate::ids::{JobItemId, StationId, StepId};
use crate::job::JobItem;
use crate::station::Occupancy;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `initial` of the pipeline stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct PipelineInitial {
    /// The position of this snapshot.
    #[ts(type = "number")]
    pub offset: u64,
    /// The same as a cursor to resume from.
    pub position: Cursor,
    /// Why a resume became a fresh start; null where none was asked for.
    pub reason: Option<InitialReason>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// The items of the job; without a job, the open ones that have a step at one of the stations.
    pub job_items: Vec<JobItem>,
    /// The stations of the job's steps; without a job, every station in use.
    pub station_options: Vec<StationOption>,
}

/// `update` of the pipeline stream: all stations as they are now, and all items where one of them moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct PipelineUpdate {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// As in `initial`; left out where none of them moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub job_items: Option<Vec<JobItem>>,
    /// As in `initial`.
    pub station_options: Vec<StationOption>,
}

/// A station that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StationOption {
    /// The station.
    pub station_id: StationId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What kind of machine it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether this worker may work there.
    pub allowed: bool,
    /// Whether he is meant for other stations.
    pub outside_assignment: bool,
    /// Who is there; absent when it is free.
    pub occupancy: Option<Occupancy>,
    /// How many of the items with a step there are open.
    pub open_items: u32,
    /// The steps there, by job, item and position.
    pub steps: Vec<PipelineStep>,
    /// The step before the first of `steps`.
    pub previous_step_id: Option<StepId>,
    /// The step after the first of `steps`.
    pub next_step_id: Option<StepId>,
}

/// A step at a station, with what was counted and what waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct PipelineStep {
    /// Its item.
    pub job_item_id: JobItemId,
    /// The step.
    pub step_id: StepId,
    /// Its place in the item, from 1.
    pub position: u32,
    /// Whether it is the last.
    pub is_terminal: bool,
    /// Good pieces counted at it.
    #[ts(type = "number")]
    pub good: u64,
    /// Scrap counted at it.
    #[ts(type = "number")]
    pub scrap: u64,
    /// Pieces that wait before it.
    #[ts(type = "number")]
    pub wip: u64,
    /// The step before it.
    pub previous_step_id: Option<StepId>,
    /// The step after it.
    pub next_step_id: Option<StepId>,
}
