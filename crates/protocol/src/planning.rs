//! Planning: what a supervisor asks for when he makes or changes jobs, items, steps and presets.
//!
//! Deliberately not here: what jobs and items look like once they exist, with their progress (see [`crate::job`]).

use crate::floor::ApprovalStanding;
use crate::ids::{JobId, JobItemId, PresetId, StationId, StepId};
use crate::job::JobStep;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A job as it is to be: `POST /api/admin/jobs`, `PUT /api/admin/jobs/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobDraft {
    /// Its number in the plant: unique, 1 to 60 characters.
    pub number: String,
    /// For whom; at most 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub customer: Option<String>,
    /// What it is about; at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub description: Option<String>,
    /// Until which day, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub due_on: Option<String>,
}

/// A step as it is to be. Its place in the list is its position; the last one is terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepDraft {
    /// The step of the item that this is; without it, a step at the same station is taken for it, or a new one made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<StepId>,
    /// Where it is done.
    pub station_id: StationId,
    /// Planned milliseconds for one piece, where known; more than 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub planned_ms_per_piece: Option<u64>,
    /// Whether a supervisor has to approve the first product.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub first_product_approval: bool,
}

/// An item as it is to be: `POST /api/admin/jobs/{id}/items`, `PUT /api/admin/job-items/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JobItemDraft {
    /// What is made; 1 to 120 characters.
    pub name: String,
    /// How many are wanted; 1 to 1,000,000,000.
    #[ts(type = "number")]
    pub planned_quantity: u64,
    /// Its steps in order, 1 to 50. A change that leaves them out leaves them as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub steps: Option<Vec<StepDraft>>,
    /// The preset to take the steps from, in place of `steps`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub preset_id: Option<PresetId>,
}

/// `PUT /api/admin/job-items/{id}/pipeline`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PipelineDraft {
    /// The steps in order, 1 to 50.
    pub steps: Vec<StepDraft>,
}

/// The way of an item through the plant: its steps in order. `GET /api/admin/job-items/{id}/pipeline`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Pipeline {
    /// The item.
    pub job_item_id: JobItemId,
    /// When the steps were frozen: at the item's first production.
    pub frozen_at: Option<Timestamp>,
    /// The steps in order.
    pub steps: Vec<JobStep>,
    /// The item's version: a pipeline is a part of its item.
    pub version: u32,
}

/// `POST /api/admin/job-items/{id}/close-short`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloseShort {
    /// Why no more are made; 1 to 500 characters.
    pub reason: String,
}

/// `POST /api/admin/job-items/{id}/reopen`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reopen {
    /// Why more are made after all; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
}

/// A preset as it is to be: `POST /api/admin/presets`, `PUT /api/admin/presets/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PresetDraft {
    /// What it is called: unique, 1 to 120 characters.
    pub name: String,
    /// The steps in order, 1 to 50; without `id`.
    pub steps: Vec<StepDraft>,
}

/// A step of a preset. Its place in the list is its position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresetStep {
    /// Where it is done.
    pub station_id: StationId,
    /// Planned milliseconds for one piece, where known.
    #[ts(type = "number | null")]
    pub planned_ms_per_piece: Option<u64>,
    /// Whether a supervisor has to approve the first product.
    pub first_product_approval: bool,
}

impl From<PresetStep> for StepDraft {
    fn from(step: PresetStep) -> Self {
        Self {
            id: None,
            station_id: step.station_id,
            planned_ms_per_piece: step.planned_ms_per_piece,
            first_product_approval: step.first_product_approval,
        }
    }
}

/// A template for steps. Items that were made from it don't change with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Preset {
    /// Its id.
    pub id: PresetId,
    /// What it is called.
    pub name: String,
    /// The steps in order.
    pub steps: Vec<PresetStep>,
    /// Counts the changes made to it.
    pub version: u32,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Something is to be made, or it has no items yet.
    Open,
    /// All of its items are complete.
    Done,
    /// Put away.
    Archived,
}

impl JobState {
    /// As it is on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Archived => "archived",
        }
    }
}

/// A step that a worker can choose at his station, with the item it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StationJobItem {
    /// The item.
    pub id: JobItemId,
    /// Its job.
    pub job_id: JobId,
    /// The job's number.
    pub job_number: String,
    /// For whom.
    pub customer: Option<String>,
    /// Until which day, `YYYY-MM-DD`.
    pub due_on: Option<String>,
    /// What is made.
    pub name: String,
    /// How many are wanted.
    #[ts(type = "number")]
    pub planned_quantity: u64,
    /// Good pieces of the item: of its terminal step.
    #[ts(type = "number")]
    pub completed_good: u64,
    /// Scrap of all its steps.
    #[ts(type = "number")]
    pub completed_scrap: u64,
    /// Whether good has reached what was planned. It can still be chosen.
    pub complete: bool,
    /// Pieces that can't come any more: planned less good, once good and scrap together reach what was planned.
    #[ts(type = "number")]
    pub missing: u64,
    /// The step at this station.
    pub step_id: StepId,
    /// Its place, from 1.
    pub position: u32,
    /// Whether it is the last step: it alone advances the item.
    pub is_terminal: bool,
    /// Planned milliseconds for one piece, where known.
    #[ts(type = "number | null")]
    pub planned_ms_per_piece: Option<u64>,
    /// Good pieces counted at this step.
    #[ts(type = "number")]
    pub step_good: u64,
    /// Scrap counted at this step.
    #[ts(type = "number")]
    pub step_scrap: u64,
    /// Whether a supervisor has to approve the first product.
    pub first_product_approval: bool,
    /// Where that approval stands.
    pub approval: ApprovalStanding,
}

/// `GET /api/stations/{id}/job-items`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StationJobItemList {
    /// Open ones first, completed ones after; each by the day it is due, then by job.
    pub job_items: Vec<StationJobItem>,
}
