//! [`Catalogue`] on SQLite: reads go to the readers, commands to the writer.

use crate::{Sqlite, reasons, status_definitions};
use async_trait::async_trait;
use millrace_domain::storage::{Actor, Asked, Catalogue, Listed, Result};
use millrace_protocol::catalogue::{Deletion, ManagedReason, ManagedStatus, ReasonDraft, StatusDraft};
use millrace_protocol::status::ReasonType;
use millrace_protocol::{ReasonId, StatusDefinitionId};

#[async_trait]
impl Catalogue for Sqlite {
    async fn status_definitions(&self, asked: Asked) -> Result<Listed<ManagedStatus>> {
        status_definitions::list(&self.readers, &asked).await
    }

    async fn status_definition(&self, id: StatusDefinitionId) -> Result<Option<ManagedStatus>> {
        status_definitions::read(&self.readers, id).await
    }

    async fn create_status_definition(&self, by: Actor, draft: StatusDraft) -> Result<ManagedStatus> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.create_status_definition(&by, &draft, &*chance).await })).await
    }

    async fn change_status_definition(
        &self,
        by: Actor,
        id: StatusDefinitionId,
        version: u32,
        draft: StatusDraft,
    ) -> Result<ManagedStatus> {
        self.write(move |tx| Box::pin(async move { tx.change_status_definition(&by, id, version, &draft).await })).await
    }

    async fn delete_status_definition(&self, by: Actor, id: StatusDefinitionId, version: u32) -> Result<Deletion> {
        self.write(move |tx| Box::pin(async move { tx.delete_status_definition(&by, id, version).await })).await
    }

    async fn all_reasons(&self, asked: Asked, kind: Option<ReasonType>) -> Result<Listed<ManagedReason>> {
        reasons::list(&self.readers, &asked, kind).await
    }

    async fn reason(&self, id: ReasonId) -> Result<Option<ManagedReason>> {
        reasons::read(&self.readers, id).await
    }

    async fn create_reason(&self, by: Actor, draft: ReasonDraft) -> Result<ManagedReason> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.create_reason(&by, &draft, &*chance).await })).await
    }

    async fn change_reason(&self, by: Actor, id: ReasonId, version: u32, draft: ReasonDraft) -> Result<ManagedReason> {
        self.write(move |tx| Box::pin(async move { tx.change_reason(&by, id, version, &draft).await })).await
    }

    async fn delete_reason(&self, by: Actor, id: ReasonId, version: u32) -> Result<Deletion> {
        self.write(move |tx| Box::pin(async move { tx.delete_reason(&by, id, version).await })).await
    }
}
