//! [`Reports`] on SQLite.

use super::{newest_first, own_session};
use crate::Sqlite;
use crate::encoding::{count, from_word, moment, word};
use crate::error::Context;
use crate::reports::ReportRow;
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::draft::at_version;
use millrace_domain::storage::{Actor, Asked, Caller, Listed, ReportFilter, Reports, Result};
use millrace_domain::{Refusal, report};
use millrace_protocol::desk::{ReportChange, ReportRecord};
use millrace_protocol::report::{Report, ReportState};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{ReportId, SessionId};
use sqlx::SqliteConnection;

#[async_trait]
impl Reports for Sqlite {
    async fn reports(&self, asked: Asked, filter: ReportFilter) -> Result<Listed<Report>> {
        let (before, id) = newest_first(&asked, filter.to.map(Timestamp::millis))?;
        let from = filter.from.map_or(i64::MIN, Timestamp::millis);
        let (kind, state) = (filter.kind.map(word).transpose()?, filter.state.map(word).transpose()?);
        let (station, limit) = (filter.station.map(|id| id.0), asked.rows());
        // What is asked for decides by which index it is found.
        let (closed_only, readers) = (filter.open.is_some(), &self.readers);
        let rows = match (filter.open, station, state, kind) {
            (Some(true), station, state, kind) => {
                sqlx::query_file_as!(
                    ReportRow,
                    "queries/reports_open.sql",
                    before,
                    id,
                    from,
                    kind,
                    state,
                    station,
                    limit
                )
                .fetch_all(readers)
                .await
            }
            (_, Some(station), state, kind) => {
                sqlx::query_file_as!(
                    ReportRow,
                    "queries/reports_at_station.sql",
                    before,
                    id,
                    from,
                    closed_only,
                    station,
                    state,
                    kind,
                    limit
                )
                .fetch_all(readers)
                .await
            }
            (_, None, Some(state), kind) => {
                sqlx::query_file_as!(
                    ReportRow,
                    "queries/reports_in_state.sql",
                    before,
                    id,
                    from,
                    closed_only,
                    state,
                    kind,
                    limit
                )
                .fetch_all(readers)
                .await
            }
            (_, None, None, Some(kind)) => {
                sqlx::query_file_as!(
                    ReportRow,
                    "queries/reports_of_type.sql",
                    before,
                    id,
                    from,
                    closed_only,
                    kind,
                    limit
                )
                .fetch_all(readers)
                .await
            }
            (_, None, None, None) => {
                sqlx::query_file_as!(ReportRow, "queries/reports.sql", before, id, from, closed_only, limit)
                    .fetch_all(readers)
                    .await
            }
        };
        let reports = rows.during("reading reports")?.into_iter().map(ReportRow::report).collect::<Result<_>>()?;
        Ok(Listed::cut(reports, &asked, |report: &Report| (report.occurred_at.millis().to_string(), report.id.0)))
    }

    async fn report(&self, id: ReportId) -> Result<Option<ReportRecord>> {
        // One transaction, so that the report and its past are of one moment.
        let mut tx = self.readers.begin().await.during("reading a report")?;
        let row = sqlx::query_file_as!(ReportRow, "queries/report.sql", id.0)
            .fetch_optional(&mut *tx)
            .await
            .during("reading a report")?;
        match row {
            Some(row) => Ok(Some(ReportRecord { report: row.report()?, changes: changes(&mut tx, id).await? })),
            None => Ok(None),
        }
    }

    async fn move_report(
        &self,
        by: Actor,
        id: ReportId,
        version: u32,
        to: ReportState,
        note: Option<String>,
    ) -> Result<ReportRecord> {
        self.write(move |tx| Box::pin(async move { tx.move_report(&by, id, version, to, note.as_deref()).await })).await
    }

    async fn reports_of_session(&self, caller: Caller, session: SessionId) -> Result<Vec<Report>> {
        own_session(&self.readers, caller, session).await?;
        sqlx::query_file_as!(ReportRow, "queries/reports_of_session.sql", session.0)
            .fetch_all(&self.readers)
            .await
            .during("reading a session's reports")?
            .into_iter()
            .map(ReportRow::report)
            .collect()
    }
}

async fn changes(conn: &mut SqliteConnection, id: ReportId) -> Result<Vec<ReportChange>> {
    let rows = sqlx::query_file!("queries/report_changes.sql", id.0)
        .fetch_all(conn)
        .await
        .during("reading a report's past")?;
    rows.into_iter()
        .map(|row| {
            Ok(ReportChange {
                version: count(row.version)?,
                state: from_word(row.state)?,
                actor: row.actor,
                note: row.note,
                at: moment(row.at),
            })
        })
        .collect()
}

impl Tx {
    async fn move_report(
        &mut self,
        by: &Actor,
        id: ReportId,
        version: u32,
        to: ReportState,
        note: Option<&str>,
    ) -> Result<ReportRecord> {
        let missing = || Refusal::NotFound { what: "There is no such report. Look the id up again.".into() };
        let old = self.report(id).await?.ok_or_else(missing)?;
        at_version(old.version, version)?;
        let new = report::moved(&old, to, &by.name, self.now)?;
        let object = format!("report {id} {} to {}", word(old.state)?, word(to)?);
        self.write_report_noted(Some(Box::new(old)), Box::new(new.clone()), None, note).await?;
        self.audit(&by.name, "change", &object).await?;
        Ok(ReportRecord { report: new, changes: changes(&mut self.conn, id).await? })
    }
}
