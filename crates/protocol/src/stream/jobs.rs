//! Jobs in work, live.

use super::InitialReason;
use crate::cursor::Cursor;
use crate::ids::JobId;
use crate::job::Job;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `initial` of the job-progress stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobProgressInitial {
    /// The position of this snapshot.
    #[ts(type = "number")]
    pub offset: u64,
    /// The same as a cursor to resume from.
    pub position: Cursor,
    /// Why a resume became a fresh start; null where none was asked for.
    pub reason: Option<InitialReason>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// Every job that is not archived and has an item that is not complete, by number.
    pub jobs: Vec<Job>,
}

/// `update` of the job-progress stream; also the first of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobChanged {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The job after it, with its items, their steps, and what waits before each.
    pub job: Job,
}

/// `delete` of the job-progress stream: nothing of it is in work any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobGone {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The job.
    pub job_id: JobId,
}
