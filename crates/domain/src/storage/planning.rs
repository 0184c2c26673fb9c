//! Jobs, items, steps and presets, as supervisors plan them; and what of it a station can choose.

use super::{Actor, Asked, Listed, Result};
use async_trait::async_trait;
use millrace_protocol::job::{Job, JobItem};
use millrace_protocol::planning::{
    CloseShort, JobDraft, JobItemDraft, JobState, PipelineDraft, Preset, PresetDraft, Reopen, StationJobItem,
};
use millrace_protocol::{JobId, JobItemId, PresetId, StationId};

/// Which jobs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// How far they are.
    pub state: Option<JobState>,
    /// What stands somewhere in number, customer, description or the name of an item, whatever its case in ASCII.
    pub search: Option<String>,
}

/// Which items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobItemFilter {
    /// Of which job.
    pub job: Option<JobId>,
    /// How far they are.
    pub state: Option<JobState>,
    /// What stands somewhere in name, job's number or customer, whatever its case in ASCII.
    pub search: Option<String>,
}

/// Planning. Drafts are checked in the command that writes them.
#[async_trait]
pub trait Planning: Send + Sync + 'static {
    /// Jobs by number.
    async fn jobs(&self, filter: JobFilter, asked: Asked) -> Result<Listed<Job>>;

    /// A job with its items.
    async fn job(&self, id: JobId) -> Result<Option<Job>>;

    /// Makes a job.
    async fn create_job(&self, by: Actor, draft: JobDraft) -> Result<Job>;

    /// Changes a job that is at this version.
    async fn change_job(&self, by: Actor, id: JobId, version: u32, draft: JobDraft) -> Result<Job>;

    /// Puts a job away, or takes it out again. The same again changes nothing.
    async fn archive_job(&self, by: Actor, id: JobId, away: bool) -> Result<Job>;

    /// Removes a job that is at this version, with its items, where neither floor nor history needs them.
    async fn delete_job(&self, by: Actor, id: JobId, version: u32) -> Result<()>;

    /// Items by their jobs' numbers, as they were made.
    async fn job_items(&self, filter: JobItemFilter, asked: Asked) -> Result<Listed<JobItem>>;

    /// An item with its steps.
    async fn job_item(&self, id: JobItemId) -> Result<Option<JobItem>>;

    /// Adds an item to a job.
    async fn create_job_item(&self, by: Actor, job: JobId, draft: JobItemDraft) -> Result<JobItem>;

    /// Changes an item that is at this version; its steps only before its first production.
    async fn change_job_item(&self, by: Actor, id: JobItemId, version: u32, draft: JobItemDraft) -> Result<JobItem>;

    /// Changes the steps of an item that is at this version, before its first production.
    async fn change_pipeline(&self, by: Actor, id: JobItemId, version: u32, draft: PipelineDraft) -> Result<JobItem>;

    /// Closes an item short: no more are made.
    async fn close_short(&self, by: Actor, id: JobItemId, order: CloseShort) -> Result<JobItem>;

    /// Opens an item again that was closed short.
    async fn reopen_job_item(&self, by: Actor, id: JobItemId, order: Reopen) -> Result<JobItem>;

    /// Puts an item away, or takes it out again. The same again changes nothing.
    async fn archive_job_item(&self, by: Actor, id: JobItemId, away: bool) -> Result<JobItem>;

    /// Removes an item that is at this version, where neither floor nor history needs it.
    async fn delete_job_item(&self, by: Actor, id: JobItemId, version: u32) -> Result<()>;

    /// Presets by name.
    async fn presets(&self, asked: Asked) -> Result<Listed<Preset>>;

    /// A preset.
    async fn preset(&self, id: PresetId) -> Result<Option<Preset>>;

    /// Makes a preset.
    async fn create_preset(&self, by: Actor, draft: PresetDraft) -> Result<Preset>;

    /// Changes a preset that is at this version. Items that were made from it stay as they are.
    async fn change_preset(&self, by: Actor, id: PresetId, version: u32, draft: PresetDraft) -> Result<Preset>;

    /// Removes a preset that is at this version.
    async fn delete_preset(&self, by: Actor, id: PresetId, version: u32) -> Result<()>;

    /// What can be chosen at a station: open items first, completed ones after.
    async fn station_job_items(&self, station: StationId) -> Result<Vec<StationJobItem>>;
}
