//! [`People`] on SQLite: reads go to the readers, commands to the writer.

use crate::{Sqlite, badges, users, workers};
use async_trait::async_trait;
use millrace_domain::storage::{Actor, Asked, Listed, People, Result, StoredBadge};
use millrace_protocol::people::{Badge, UserDraft, UserRecord, WorkerDraft, WorkerRecord};
use millrace_protocol::{BadgeId, UserId, WorkerId};

#[async_trait]
impl People for Sqlite {
    async fn workers(&self, asked: Asked) -> Result<Listed<WorkerRecord>> {
        workers::list(&self.readers, &asked).await
    }

    async fn worker(&self, id: WorkerId) -> Result<Option<WorkerRecord>> {
        workers::worker(&self.readers, id).await
    }

    async fn create_worker(&self, by: Actor, draft: WorkerDraft) -> Result<WorkerRecord> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.create_worker(&by, &draft, &*chance).await })).await
    }

    async fn change_worker(&self, by: Actor, id: WorkerId, version: u32, draft: WorkerDraft) -> Result<WorkerRecord> {
        self.write(move |tx| Box::pin(async move { tx.change_worker(&by, id, version, &draft).await })).await
    }

    async fn set_pin(&self, by: Actor, id: WorkerId, version: u32, pin_hash: Option<String>) -> Result<WorkerRecord> {
        self.write(move |tx| Box::pin(async move { tx.set_pin(&by, id, version, pin_hash).await })).await
    }

    async fn delete_worker(&self, by: Actor, id: WorkerId, version: u32) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.delete_worker(&by, id, version).await })).await
    }

    async fn badges(&self, worker: WorkerId) -> Result<Option<Vec<Badge>>> {
        badges::of_worker(&self.readers, worker).await
    }

    async fn add_badge(&self, by: Actor, worker: WorkerId, badge: StoredBadge) -> Result<Badge> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.add_badge(&by, worker, &badge, &*chance).await })).await
    }

    async fn revoke_badge(&self, by: Actor, id: BadgeId) -> Result<Badge> {
        self.write(move |tx| Box::pin(async move { tx.revoke_badge(&by, id).await })).await
    }

    async fn users(&self, asked: Asked) -> Result<Listed<UserRecord>> {
        users::list(&self.readers, &asked).await
    }

    async fn user(&self, id: UserId) -> Result<Option<UserRecord>> {
        users::user(&self.readers, id).await
    }

    async fn create_user(&self, by: Actor, draft: UserDraft, password_hash: String) -> Result<UserRecord> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.create_user(&by, &draft, &password_hash, &*chance).await })).await
    }

    async fn change_user(&self, by: Actor, id: UserId, version: u32, draft: UserDraft) -> Result<UserRecord> {
        self.write(move |tx| Box::pin(async move { tx.change_user(&by, id, version, &draft).await })).await
    }

    async fn set_password(&self, by: Actor, id: UserId, version: u32, password_hash: String) -> Result<UserRecord> {
        self.write(move |tx| Box::pin(async move { tx.set_password(&by, id, version, &password_hash).await })).await
    }

    async fn delete_user(&self, by: Actor, id: UserId, version: u32) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.delete_user(&by, id, version).await })).await
    }
}
