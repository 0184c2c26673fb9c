//! A past on SQLite: rows come as JSON, some thousand with one statement, because one statement a row takes most of
//! its time on the way to the database. Foreign keys hold here as everywhere.

use crate::encoding::json;
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::storage::{History, PlannedCalendar, PlannedChecklist, PlannedJob, Result, StorageError};

/// Rows of one statement: enough that the way does not count, few enough that their JSON is small.
const ROWS: usize = 2_000;

/// Inserts rows, and sees to it that each has found what it names.
macro_rules! insert {
    ($tx:ident, $rows:expr, $query:literal, $context:literal) => {
        for rows in $rows.chunks(ROWS) {
            let parameter = json(&rows)?;
            let done = sqlx::query_file!($query, parameter).execute(&mut $tx.conn).await.during($context)?;
            every_one(done.rows_affected(), rows.len(), $context)?;
        }
    };
}

impl Tx {
    /// Adds calendars and the areas' use of them.
    pub(crate) async fn furnish_calendars(&mut self, calendars: &[PlannedCalendar]) -> Result<()> {
        insert!(self, calendars, "queries/furnish_calendars.sql", "adding calendars");
        let named = json(&calendars)?;
        sqlx::query_file!("queries/furnish_areas.sql", named)
            .execute(&mut self.conn)
            .await
            .during("giving areas their calendar")
            .map(drop)
    }

    /// Adds checklists and puts them at their stations.
    pub(crate) async fn furnish_checklists(&mut self, lists: &[PlannedChecklist]) -> Result<()> {
        insert!(self, lists, "queries/furnish_checklists.sql", "adding checklists");
        for list in lists {
            let (station, start, end) =
                (list.station_id.0, list.start.then_some(list.id.0), list.end.then_some(list.id.0));
            sqlx::query_file!("queries/furnish_station_checklists.sql", station, start, end)
                .execute(&mut self.conn)
                .await
                .during("giving a station its checklists")?;
        }
        Ok(())
    }

    /// Adds jobs with their items and steps.
    pub(crate) async fn furnish_jobs(&mut self, jobs: &[PlannedJob]) -> Result<()> {
        for jobs in jobs.chunks(ROWS) {
            let named = json(&jobs)?;
            sqlx::query_file!("queries/furnish_jobs.sql", named).execute(&mut self.conn).await.during("adding jobs")?;
            sqlx::query_file!("queries/furnish_job_items.sql", named)
                .execute(&mut self.conn)
                .await
                .during("adding job items")?;
            sqlx::query_file!("queries/furnish_job_steps.sql", named)
                .execute(&mut self.conn)
                .await
                .during("adding job steps")?;
        }
        Ok(())
    }

    /// Adds what happened before.
    pub(crate) async fn furnish_history(&mut self, past: &History) -> Result<()> {
        if let Some(since) = past.since {
            let since = since.millis();
            sqlx::query_file!("queries/history_since.sql", since)
                .execute(&mut self.conn)
                .await
                .during("dating the kiosks")?;
        }
        insert!(self, past.kiosks, "queries/history_kiosks.sql", "adding past kiosks");
        insert!(self, past.sessions, "queries/history_sessions.sql", "adding past sessions");
        insert!(self, past.claims, "queries/history_claims.sql", "adding past claims");
        insert!(self, past.events, "queries/history_events.sql", "adding past status events");
        insert!(self, past.entries, "queries/history_entries.sql", "adding past quantities");
        insert!(self, past.reports, "queries/history_reports.sql", "adding past reports");
        insert!(self, past.report_changes, "queries/history_report_changes.sql", "adding what became of reports");
        insert!(self, past.approvals, "queries/history_approvals.sql", "adding past approvals");
        insert!(self, past.calls, "queries/history_calls.sql", "adding past calls");
        insert!(self, past.answers, "queries/history_answers.sql", "adding past checklists");
        insert!(self, past.amendments, "queries/history_amendments.sql", "adding past amendments");
        insert!(self, past.quarantine, "queries/history_quarantine.sql", "adding quarantined actions");
        sqlx::query_file!("queries/history_balances.sql")
            .execute(&mut self.conn)
            .await
            .during("summing up the ledger")?;
        sqlx::query_file!("queries/history_frozen.sql").execute(&mut self.conn).await.during("freezing steps").map(drop)
    }
}

/// A row that names something that is not there would be left out without a word.
fn every_one(inserted: u64, given: usize, context: &'static str) -> Result<()> {
    if u64::try_from(given) == Ok(inserted) {
        return Ok(());
    }
    Err(StorageError::Defect { context, reason: format!("{inserted} of {given} rows found what they name") })
}
