//! Workers, badges and users, managed by administrators.

use super::{Actor, Asked, Listed, Result, TokenHash};
use async_trait::async_trait;
use millrace_protocol::people::{Badge, UserDraft, UserRecord, WorkerDraft, WorkerRecord};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{BadgeId, UserId, WorkerId};

/// A badge as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBadge {
    /// SHA-256 of what the reader types.
    pub code: TokenHash,
    /// Its end.
    pub hint: String,
    /// From when it signs in; absent: from now on.
    pub valid_from: Option<Timestamp>,
    /// Until when; absent: until it is revoked.
    pub valid_to: Option<Timestamp>,
}

/// People. Drafts were checked before, secrets hashed; what only the database can know is refused by it.
#[async_trait]
pub trait People: Send + Sync + 'static {
    /// Workers by code.
    async fn workers(&self, asked: Asked) -> Result<Listed<WorkerRecord>>;

    /// A worker.
    async fn worker(&self, id: WorkerId) -> Result<Option<WorkerRecord>>;

    /// Makes a worker.
    async fn create_worker(&self, by: Actor, draft: WorkerDraft) -> Result<WorkerRecord>;

    /// Changes a worker who is at this version.
    async fn change_worker(&self, by: Actor, id: WorkerId, version: u32, draft: WorkerDraft) -> Result<WorkerRecord>;

    /// Gives a worker who is at this version the PIN with this hash, or none.
    async fn set_pin(&self, by: Actor, id: WorkerId, version: u32, pin_hash: Option<String>) -> Result<WorkerRecord>;

    /// Removes a worker who is at this version and whom nothing needs, with his badges.
    async fn delete_worker(&self, by: Actor, id: WorkerId, version: u32) -> Result<()>;

    /// A worker's badges, by the beginning of their validity; none where there is no such worker.
    async fn badges(&self, worker: WorkerId) -> Result<Option<Vec<Badge>>>;

    /// Gives a worker a badge.
    async fn add_badge(&self, by: Actor, worker: WorkerId, badge: StoredBadge) -> Result<Badge>;

    /// Revokes a badge; the same again changes nothing.
    async fn revoke_badge(&self, by: Actor, id: BadgeId) -> Result<Badge>;

    /// Users by user name.
    async fn users(&self, asked: Asked) -> Result<Listed<UserRecord>>;

    /// A user.
    async fn user(&self, id: UserId) -> Result<Option<UserRecord>>;

    /// Makes a user with the password of this hash.
    async fn create_user(&self, by: Actor, draft: UserDraft, password_hash: String) -> Result<UserRecord>;

    /// Changes a user who is at this version. Another role, or none any more, ends his logins and streams.
    async fn change_user(&self, by: Actor, id: UserId, version: u32, draft: UserDraft) -> Result<UserRecord>;

    /// Gives a user who is at this version the password of this hash; ends his logins and streams.
    async fn set_password(&self, by: Actor, id: UserId, version: u32, password_hash: String) -> Result<UserRecord>;

    /// Removes a user who is at this version, with his logins and streams.
    async fn delete_user(&self, by: Actor, id: UserId, version: u32) -> Result<()>;
}
