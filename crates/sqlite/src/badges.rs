//! Badges: rows and what is done to them. A badge is never changed: it is revoked, and another one made.

use crate::encoding::{maybe_moment, millis, moment};
use crate::error::{Context, Unless};
use crate::workers::missing;
use crate::writer::Tx;
use millrace_domain::storage::{Actor, Result, StorageError, StoredBadge};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::people::Badge;
use millrace_protocol::{BadgeId, WorkerId};
use sqlx::{SqliteExecutor, SqlitePool};
use uuid::Uuid;

struct BadgeRow {
    id: Uuid,
    worker_id: Uuid,
    hint: String,
    valid_from: i64,
    valid_to: Option<i64>,
    revoked_at: Option<i64>,
}

impl From<BadgeRow> for Badge {
    fn from(row: BadgeRow) -> Self {
        Self {
            id: BadgeId(row.id),
            worker_id: WorkerId(row.worker_id),
            hint: row.hint,
            valid_from: moment(row.valid_from),
            valid_to: maybe_moment(row.valid_to),
            revoked_at: maybe_moment(row.revoked_at),
        }
    }
}

/// A worker's badges; none where there is no such worker.
pub(crate) async fn of_worker(readers: &SqlitePool, worker: WorkerId) -> Result<Option<Vec<Badge>>> {
    let rows = sqlx::query_file_as!(BadgeRow, "queries/badges_of_worker.sql", worker.0)
        .fetch_all(readers)
        .await
        .during("reading badges")?;
    if rows.is_empty() && crate::workers::worker(readers, worker).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(rows.into_iter().map(Badge::from).collect()))
}

async fn badge(reader: impl SqliteExecutor<'_>, id: BadgeId) -> Result<Option<Badge>> {
    let row = sqlx::query_file_as!(BadgeRow, "queries/badge.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a badge")?;
    Ok(row.map(Badge::from))
}

impl Tx {
    pub(crate) async fn add_badge(
        &mut self,
        by: &Actor,
        worker: WorkerId,
        new: &StoredBadge,
        chance: &dyn Chance,
    ) -> Result<Badge> {
        let holder = crate::workers::worker(&mut self.conn, worker).await?.ok_or_else(missing)?;
        let id = BadgeId(chance.uuid(self.now));
        let from = new.valid_from.unwrap_or(self.now);
        if new.valid_to.is_some_and(|to| to <= from) {
            let what = "`validTo` is over already. Choose a later one, or none.".into();
            return Err(Refusal::Invalid { what }.into());
        }
        let (code, from, to) = (new.code.as_slice(), from.millis(), millis(new.valid_to));
        sqlx::query_file!("queries/badge_insert.sql", id.0, worker.0, code, new.hint, from, to)
            .execute(&mut self.conn)
            .await
            .unless("adding a badge", |_| Refusal::Conflict {
                what: "This badge is in use already, by this worker or another. Revoke it there first.".into(),
            })?;
        self.audit(&by.name, "add badge", &format!("worker {worker} {} …{}", holder.code, new.hint)).await?;
        self.known_badge(id).await
    }

    pub(crate) async fn revoke_badge(&mut self, by: &Actor, id: BadgeId) -> Result<Badge> {
        let missing = || Refusal::NotFound { what: "There is no such badge. Look the id up again.".into() };
        let known = badge(&mut self.conn, id).await?.ok_or_else(missing)?;
        let now = self.now.millis();
        let done = sqlx::query_file!("queries/badge_revoke.sql", id.0, now)
            .execute(&mut self.conn)
            .await
            .during("revoking a badge")?;
        if done.rows_affected() == 1 {
            self.audit(&by.name, "revoke badge", &format!("worker {} …{}", known.worker_id, known.hint)).await?;
        }
        self.known_badge(id).await
    }

    async fn known_badge(&mut self, id: BadgeId) -> Result<Badge> {
        badge(&mut self.conn, id).await?.ok_or_else(|| StorageError::Defect {
            context: "reading a badge",
            reason: format!("badge {id} is gone within its own command"),
        })
    }
}
