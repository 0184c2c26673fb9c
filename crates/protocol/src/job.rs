//! Jobs: what is to be made, in which steps, and how far it is. Progress is derived from the ledger.

use crate::ids::{JobId, JobItemId, StationId, StepId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// One step of an item: work at one station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobStep {
    /// Its id.
    pub id: StepId,
    /// Its place, from 1.
    pub position: u32,
    /// Where it is done.
    pub station_id: StationId,
    /// That station's code.
    pub station_code: String,
    /// That station's name.
    pub station_name: String,
    /// Planned milliseconds for one piece, where known.
    #[ts(type = "number | null")]
    pub planned_ms_per_piece: Option<u64>,
    /// Whether a supervisor has to approve the first product.
    pub first_product_approval: bool,
    /// Whether it is the last step: it alone advances the item.
    pub is_terminal: bool,
    /// Good pieces counted at it.
    #[ts(type = "number")]
    pub good: u64,
    /// Scrap counted at it.
    #[ts(type = "number")]
    pub scrap: u64,
    /// Pieces that wait before it: good of the step before, less what was counted here; 0 for the first step.
    #[ts(type = "number")]
    pub wip: u64,
}

/// An item of a job, with its steps in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobItem {
    /// Its id.
    pub id: JobItemId,
    /// Its job.
    pub job_id: JobId,
    /// The job's number.
    pub job_number: String,
    /// What is made.
    pub name: String,
    /// Its place in the job, from 1.
    pub position: u32,
    /// How many are wanted.
    #[ts(type = "number")]
    pub planned_quantity: u64,
    /// Good pieces of the terminal step.
    #[ts(type = "number")]
    pub completed_good: u64,
    /// Scrap of all steps.
    #[ts(type = "number")]
    pub completed_scrap: u64,
    /// Whether it is done: good ≥ planned, or closed short.
    pub complete: bool,
    /// Pieces that can't come any more: planned less good, once good and scrap together reach what was planned.
    #[ts(type = "number")]
    pub missing: u64,
    /// When its steps were frozen: at its first production.
    pub frozen_at: Option<Timestamp>,
    /// When a supervisor closed it short.
    pub closed_short_at: Option<Timestamp>,
    /// Why.
    pub closed_short_reason: Option<String>,
    /// When it, or its job, was archived.
    pub archived_at: Option<Timestamp>,
    /// Its steps in order.
    pub steps: Vec<JobStep>,
    /// Counts the changes made to it by hand; a count of pieces is none.
    pub version: u32,
}

/// A job with its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Its number in the plant.
    pub number: String,
    /// For whom.
    pub customer: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Until which day, `YYYY-MM-DD`.
    pub due_on: Option<String>,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// Its items in order.
    pub items: Vec<JobItem>,
    /// Counts the changes made to it by hand.
    pub version: u32,
}
