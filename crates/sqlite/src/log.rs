//! [`ChangeLog`] on SQLite: the log is a table, a snapshot is one read transaction.

use crate::Sqlite;
use crate::encoding::{count, from_json, moment, number};
use crate::error::Context;
use crate::snapshots::{floor_rows, history, of_kiosk, recent_reports};
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::change::Change;
use millrace_domain::storage::{
    ChangeLog, FloorRows, OfKiosk, Position, Prune, Pruned, Result, SessionHistory, Snapshot,
};
use millrace_protocol::report::{Report, ReportKind};
use millrace_protocol::session::Contact;
use millrace_protocol::{KioskId, SessionId};

/// For how long a report that was closed stays in the list of reports.
const REPORTS_MS: i64 = 30 * 24 * 3_600_000;

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

    async fn floor(&self) -> Result<Snapshot<FloorRows>> {
        self.snapshot(|conn| Box::pin(floor_rows(conn))).await
    }

    async fn has_session(&self, session: SessionId) -> Result<bool> {
        let found = sqlx::query_file_scalar!("queries/session_known.sql", session.0)
            .fetch_optional(&self.readers)
            .await
            .during("looking up a session")?;
        Ok(found.is_some())
    }

    async fn session_history(&self, session: SessionId) -> Result<Snapshot<Option<SessionHistory>>> {
        self.snapshot(move |conn| Box::pin(history(conn, session))).await
    }

    async fn recent_reports(&self, kind: Option<ReportKind>) -> Result<Snapshot<Vec<Report>>> {
        let since = self.clock.now().plus_millis(-REPORTS_MS);
        self.snapshot(move |conn| Box::pin(recent_reports(conn, kind, since))).await
    }

    async fn of_kiosk(&self, kiosk: KioskId) -> Result<Snapshot<OfKiosk>> {
        self.snapshot(move |conn| Box::pin(of_kiosk(conn, kiosk))).await
    }

    async fn hear_kiosks(&self, contacts: Vec<(KioskId, Contact)>) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                for (kiosk, contact) in contacts {
                    tx.hear_kiosk(kiosk, contact).await?;
                }
                Ok(())
            })
        })
        .await
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
