//! Checklists: managed by users, asked by stations. Answering them belongs to opening, handing over and ending.

use super::{Actor, Asked, Listed, Result};
use async_trait::async_trait;
use millrace_protocol::checklist::{Checklist, ChecklistDraft, StationChecklists};
use millrace_protocol::{ChecklistId, StationId};

/// Checklists. Drafts were checked before; what only the database can know is refused by it.
#[async_trait]
pub trait Checklists: Send + Sync + 'static {
    /// What a station asks when a session starts and ends there; none for a station that is not in use.
    async fn station_checklists(&self, station: StationId) -> Result<Option<StationChecklists>>;

    /// Checklists by name.
    async fn checklists(&self, asked: Asked) -> Result<Listed<Checklist>>;

    /// A checklist.
    async fn checklist(&self, id: ChecklistId) -> Result<Option<Checklist>>;

    /// Makes a checklist.
    async fn create_checklist(&self, by: Actor, draft: ChecklistDraft) -> Result<Checklist>;

    /// Changes a checklist that is at this version. Answers keep the list as it was when they were given.
    async fn change_checklist(
        &self,
        by: Actor,
        id: ChecklistId,
        version: u32,
        draft: ChecklistDraft,
    ) -> Result<Checklist>;

    /// Removes a checklist that is at this version and that nothing needs.
    async fn delete_checklist(&self, by: Actor, id: ChecklistId, version: u32) -> Result<()>;
}
