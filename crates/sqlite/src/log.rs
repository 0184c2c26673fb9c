//! [`ChangeLog`] on SQLite: the log is a table, a snapshot is one read transaction.

use crate::Sqlite;
use crate::encoding::{count, from_json, moment, number};
use crate::error::Context;
use crate::rows::{ClaimantRow, SessionRow};
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::change::{Change, Claimant};
use millrace_domain::storage::{ChangeLog, Position, Prune, Pruned, Result, Snapshot};
use millrace_protocol::session::Session;
use millrace_protocol::{KioskId, SessionId};

#[async_trait]
impl ChangeLog for Sqlite {
    async fn position(&self) -> Result<Position> {
        let mut tx = self.readers.begin().await.during("reading the log's position")?;
        let epoch =
            sqlx::query_file!("queries/installation.sql").fetch_one(&mut *tx).await.during("reading the epoch")?;
        let last = sqlx::query_file_scalar!("queries/change_last.sql")
            .fetch_one(&mut *tx)
            .await
            .during("reading the log's end")?;
        let first = sqlx::query_file_scalar!("queries/change_first.sql")
            .fetch_one(&mut *tx)
            .await
            .during("reading the log's beginning")?;
        Ok(Position { epoch: epoch.log_epoch, offset: count(last)?, floor: count(first - 1)? })
    }

    async fn changes_after(&self, offset: u64, limit: u32) -> Result<Vec<Change>> {
        let (offset, limit) = (number(offset)?, i64::from(limit));
        let rows = sqlx::query_file!("queries/changes_after.sql", offset, limit)
            .fetch_all(&self.readers)
            .await
            .during("reading the log")?;
        rows.into_iter()
            .map(|row| Ok(Change { offset: count(row.offset)?, at: moment(row.at), row: from_json(&row.row)? }))
            .collect()
    }

    async fn prune(&self, prune: Prune) -> Result<Pruned> {
        self.write(move |tx| Box::pin(tx.prune(prune))).await
    }

    async fn active_sessions(&self) -> Result<Snapshot<Vec<Session>>> {
        let now = self.clock.now();
        let mut tx = self.readers.begin().await.during("taking a snapshot")?;
        let offset = sqlx::query_file_scalar!("queries/change_last.sql")
            .fetch_one(&mut *tx)
            .await
            .during("taking a snapshot")?;
        let rows = sqlx::query_file_as!(SessionRow, "queries/sessions_active.sql")
            .fetch_all(&mut *tx)
            .await
            .during("reading open sessions")?;
        let rows = rows.into_iter().map(SessionRow::session).collect::<Result<_>>()?;
        Ok(Snapshot { offset: count(offset)?, now, rows })
    }

    async fn session_of_kiosk(&self, kiosk: KioskId) -> Result<Snapshot<Option<(Session, Claimant)>>> {
        let now = self.clock.now();
        let mut tx = self.readers.begin().await.during("taking a snapshot")?;
        let offset = sqlx::query_file_scalar!("queries/change_last.sql")
            .fetch_one(&mut *tx)
            .await
            .during("taking a snapshot")?;
        let id = sqlx::query_file_scalar!("queries/session_of_kiosk.sql", kiosk.0)
            .fetch_optional(&mut *tx)
            .await
            .during("reading a kiosk's session")?;
        let mut rows = None;
        if let Some(id) = id {
            let session = sqlx::query_file_as!(SessionRow, "queries/session.sql", id)
                .fetch_one(&mut *tx)
                .await
                .during("reading a kiosk's session")?
                .session()?;
            let claimant = sqlx::query_file_as!(ClaimantRow, "queries/claimant.sql", id)
                .fetch_one(&mut *tx)
                .await
                .during("reading a kiosk's claim")?
                .claimant(SessionId(id))?;
            rows = Some((session, claimant));
        }
        Ok(Snapshot { offset: count(offset)?, now, rows })
    }
}

impl Tx {
    async fn prune(&mut self, prune: Prune) -> Result<Pruned> {
        let first: u64 = count(
            sqlx::query_file_scalar!("queries/change_first.sql")
                .fetch_one(&mut self.conn)
                .await
                .during("reading the log's beginning")?,
        )?;
        let (most, before) = (i64::from(prune.most), prune.before.millis());
        let aged = sqlx::query_file_scalar!("queries/change_aged.sql", most, before)
            .fetch_one(&mut self.conn)
            .await
            .during("reading the log's age")?;
        let last = self.last_offset();
        let counted = last.saturating_sub(prune.keep).min(first + u64::from(prune.most) - 1);
        // The last row stays whatever its age: after a restart offsets go on from it.
        let upto = count::<u64>(aged)?.max(counted).min(prune.upto).min(last.saturating_sub(1));
        if upto < first {
            return Ok(Pruned { removed: 0, floor: first - 1 });
        }
        let offset = number(upto)?;
        let done = sqlx::query_file!("queries/changes_prune.sql", offset)
            .execute(&mut self.conn)
            .await
            .during("removing old changes")?;
        Ok(Pruned { removed: done.rows_affected(), floor: upto })
    }
}
