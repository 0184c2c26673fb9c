//! Jobs as they are written and read: an item with its steps and balances. The ledger and the balances change in
//! one transaction, so that they are always equal.

use crate::encoding::{count, maybe_moment, number, word};
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::change::{Pair, Row};
use millrace_domain::job::derive;
use millrace_domain::storage::{Result, StorageError};
use millrace_protocol::job::{Job, JobItem, JobStep};
use millrace_protocol::quantity::QuantityEntry;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{JobId, JobItemId, StationId, StepId};
use sqlx::SqliteConnection;

/// A job with its items and their progress.
pub(crate) async fn read_job(conn: &mut SqliteConnection, id: JobId) -> Result<Option<Job>> {
    let job = sqlx::query_file!("queries/job.sql", id.0).fetch_optional(&mut *conn).await.during("reading a job")?;
    let Some(job) = job else { return Ok(None) };
    let steps =
        sqlx::query_file!("queries/job_steps.sql", id.0).fetch_all(&mut *conn).await.during("reading a job's steps")?;
    let rows =
        sqlx::query_file!("queries/job_items.sql", id.0).fetch_all(&mut *conn).await.during("reading a job's items")?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let mut item = JobItem {
            id: JobItemId(row.id),
            job_id: JobId(row.job_id),
            job_number: row.job_number,
            name: row.name,
            position: count(row.position)?,
            planned_quantity: count(row.planned_quantity)?,
            completed_good: 0,
            completed_scrap: 0,
            complete: false,
            missing: 0,
            frozen_at: maybe_moment(row.frozen_at),
            closed_short_at: maybe_moment(row.closed_short_at),
            closed_short_reason: row.closed_short_reason,
            archived_at: maybe_moment(row.archived_at),
            steps: vec![],
            version: count(row.version)?,
        };
        for step in steps.iter().filter(|step| step.job_item_id == row.id) {
            item.steps.push(JobStep {
                id: StepId(step.id),
                position: count(step.position)?,
                station_id: StationId(step.station_id),
                station_code: step.station_code.clone(),
                station_name: step.station_name.clone(),
                planned_ms_per_piece: step.planned_ms_per_piece.map(count).transpose()?,
                first_product_approval: step.first_product_approval,
                is_terminal: step.is_terminal,
                good: count(step.good)?,
                scrap: count(step.scrap)?,
                wip: 0,
            });
        }
        derive(&mut item);
        items.push(item);
    }
    Ok(Some(Job {
        id,
        number: job.number,
        customer: job.customer,
        description: job.description,
        due_on: job.due_on,
        archived_at: maybe_moment(job.archived_at),
        items,
        version: count(job.version)?,
    }))
}

impl Tx {
    /// An item with its job.
    pub(crate) async fn item(&mut self, id: JobItemId) -> Result<Option<(JobItem, Job)>> {
        let job = sqlx::query_file_scalar!("queries/job_of_item.sql", id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading an item's job")?;
        let Some(job) = job else { return Ok(None) };
        let job = read_job(&mut self.conn, JobId(job)).await?;
        Ok(job.and_then(|job| Some((job.items.iter().find(|item| item.id == id)?.clone(), job))))
    }

    /// Records an item that changed, with its job as it is now.
    pub(crate) async fn record_item(&mut self, old: JobItem) -> Result<()> {
        let (item, job) = self.existing_item(old.id).await?;
        self.record(Row::JobItems { item: Pair::changed(old, item), job: Some(Box::new(job)) }).await
    }

    /// Adds an entry to the ledger, and to the balance of its step.
    pub(crate) async fn count(&mut self, entry: &QuantityEntry) -> Result<()> {
        let before = match entry.job_item_id {
            Some(item) => Some(self.existing_item(item).await?.0),
            None => None,
        };
        self.insert_entry(entry).await?;
        if let Some(step) = entry.step_id {
            let done = sqlx::query_file!("queries/job_step_count.sql", step.0, entry.good, entry.scrap)
                .execute(&mut self.conn)
                .await
                .during("adding to a step's balance")?;
            crate::effects::exactly_one(done.rows_affected(), "adding to a step's balance")?;
        }
        match before {
            Some(before) => self.record_item(before).await,
            None => Ok(()),
        }
    }

    /// Freezes an item's steps, unless they are frozen.
    pub(crate) async fn freeze(&mut self, item: JobItemId, at: Timestamp) -> Result<()> {
        let (before, _) = self.existing_item(item).await?;
        if before.frozen_at.is_some() {
            return Ok(());
        }
        let at = at.millis();
        sqlx::query_file!("queries/job_item_freeze.sql", item.0, at)
            .execute(&mut self.conn)
            .await
            .during("freezing an item's steps")?;
        self.record_item(before).await
    }

    async fn existing_item(&mut self, id: JobItemId) -> Result<(JobItem, Job)> {
        self.item(id).await?.ok_or_else(|| StorageError::Defect {
            context: "reading an item",
            reason: format!("the item {id} is not there"),
        })
    }

    async fn insert_entry(&mut self, e: &QuantityEntry) -> Result<()> {
        let event = e.status_event_id.map(|id| id.0);
        let (item, step) = (e.job_item_id.map(|id| id.0), e.step_id.map(|id| id.0));
        let (reason, corrects) = (e.scrap_reason_id.map(|id| id.0), e.corrects_id.map(|id| id.0));
        let start = e.counter.map(|counter| number(counter.start)).transpose()?;
        let end = e.counter.map(|counter| number(counter.end)).transpose()?;
        let (kind, occurred, now) = (word(e.kind)?, e.occurred_at.millis(), self.now.millis());
        sqlx::query_file!(
            "queries/quantity_insert.sql",
            e.id.0,
            e.session_id.0,
            event,
            item,
            step,
            e.good,
            e.scrap,
            reason,
            e.note,
            start,
            end,
            kind,
            corrects,
            occurred,
            now,
        )
        .execute(&mut self.conn)
        .await
        .during("adding to the ledger")
        .map(drop)
    }
}
