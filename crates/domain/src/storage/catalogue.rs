//! Statuses and reasons, managed by administrators. Kiosks read what can be chosen through the [`Floor`](super::Floor).

use super::{Actor, Asked, Listed, Result};
use async_trait::async_trait;
use millrace_protocol::catalogue::{Deletion, ManagedReason, ManagedStatus, ReasonDraft, StatusDraft};
use millrace_protocol::status::ReasonType;
use millrace_protocol::{ReasonId, StatusDefinitionId};

/// Statuses and reasons. Drafts were checked before; what only the database can know is refused by it.
#[async_trait]
pub trait Catalogue: Send + Sync + 'static {
    /// Statuses: those of every station first, then by station; within, in the order of the plant.
    async fn status_definitions(&self, asked: Asked) -> Result<Listed<ManagedStatus>>;

    /// A status.
    async fn status_definition(&self, id: StatusDefinitionId) -> Result<Option<ManagedStatus>>;

    /// Makes a status.
    async fn create_status_definition(&self, by: Actor, draft: StatusDraft) -> Result<ManagedStatus>;

    /// Changes a status that is at this version.
    async fn change_status_definition(
        &self,
        by: Actor,
        id: StatusDefinitionId,
        version: u32,
        draft: StatusDraft,
    ) -> Result<ManagedStatus>;

    /// Removes a status that is at this version, or retires it where history uses it.
    async fn delete_status_definition(&self, by: Actor, id: StatusDefinitionId, version: u32) -> Result<Deletion>;

    /// Reasons of one type or of all, by type; those of every station first, then by station; within, in the order of
    /// the plant.
    async fn all_reasons(&self, asked: Asked, kind: Option<ReasonType>) -> Result<Listed<ManagedReason>>;

    /// A reason.
    async fn reason(&self, id: ReasonId) -> Result<Option<ManagedReason>>;

    /// Makes a reason.
    async fn create_reason(&self, by: Actor, draft: ReasonDraft) -> Result<ManagedReason>;

    /// Changes a reason that is at this version.
    async fn change_reason(&self, by: Actor, id: ReasonId, version: u32, draft: ReasonDraft) -> Result<ManagedReason>;

    /// Removes a reason that is at this version, or retires it where history uses it.
    async fn delete_reason(&self, by: Actor, id: ReasonId, version: u32) -> Result<Deletion>;
}
