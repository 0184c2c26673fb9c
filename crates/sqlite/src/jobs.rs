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
use std::collections::HashMap;
use uuid::Uuid;

/// A row of `jobs`.
pub(crate) struct JobRow {
    id: Uuid,
    number: String,
    customer: Option<String>,
    description: Option<String>,
    due_on: Option<String>,
    archived_at: Option<i64>,
    version: i64,
}

/// A row of `job_items`.
pub(crate) struct JobItemRow {
    id: Uuid,
    job_id: Uuid,
    job_number: String,
    position: i64,
    name: String,
    planned_quantity: i64,
    frozen_at: Option<i64>,
    closed_short_at: Option<i64>,
    closed_short_reason: Option<String>,
    archived_at: Option<i64>,
    version: i64,
}

/// A row of `job_steps`.
pub(crate) struct JobStepRow {
    id: Uuid,
    job_item_id: Uuid,
    position: i64,
    station_id: Uuid,
    station_code: String,
    station_name: String,
    planned_ms_per_piece: Option<i64>,
    first_product_approval: bool,
    is_terminal: bool,
    good: i64,
    scrap: i64,
}

impl JobRow {
    fn job(self, items: Vec<JobItem>) -> Result<Job> {
        Ok(Job {
            id: JobId(self.id),
            number: self.number,
            customer: self.customer,
            description: self.description,
            due_on: self.due_on,
            archived_at: maybe_moment(self.archived_at),
            items,
            version: count(self.version)?,
        })
    }
}

impl JobItemRow {
    fn item(self, steps: Vec<JobStep>) -> Result<JobItem> {
        let mut item = JobItem {
            id: JobItemId(self.id),
            job_id: JobId(self.job_id),
            job_number: self.job_number,
            name: self.name,
            position: count(self.position)?,
            planned_quantity: count(self.planned_quantity)?,
            completed_good: 0,
            completed_scrap: 0,
            complete: false,
            missing: 0,
            frozen_at: maybe_moment(self.frozen_at),
            closed_short_at: maybe_moment(self.closed_short_at),
            closed_short_reason: self.closed_short_reason,
            archived_at: maybe_moment(self.archived_at),
            steps,
            version: count(self.version)?,
        };
        derive(&mut item);
        Ok(item)
    }
}

impl JobStepRow {
    fn step(self) -> Result<JobStep> {
        Ok(JobStep {
            id: StepId(self.id),
            position: count(self.position)?,
            station_id: StationId(self.station_id),
            station_code: self.station_code,
            station_name: self.station_name,
            planned_ms_per_piece: self.planned_ms_per_piece.map(count).transpose()?,
            first_product_approval: self.first_product_approval,
            is_terminal: self.is_terminal,
            good: count(self.good)?,
            scrap: count(self.scrap)?,
            wip: 0,
        })
    }
}

/// Jobs put together from their rows; items and steps come in their order.
pub(crate) fn assemble(jobs: Vec<JobRow>, items: Vec<JobItemRow>, steps: Vec<JobStepRow>) -> Result<Vec<Job>> {
    let mut steps_of: HashMap<Uuid, Vec<JobStep>> = HashMap::new();
    for step in steps {
        steps_of.entry(step.job_item_id).or_default().push(step.step()?);
    }
    let mut items_of: HashMap<Uuid, Vec<JobItem>> = HashMap::new();
    for item in items {
        let steps = steps_of.remove(&item.id).unwrap_or_default();
        items_of.entry(item.job_id).or_default().push(item.item(steps)?);
    }
    jobs.into_iter()
        .map(|job| {
            let items = items_of.remove(&job.id).unwrap_or_default();
            job.job(items)
        })
        .collect()
}

/// A job with its items and their progress.
pub(crate) async fn read_job(conn: &mut SqliteConnection, id: JobId) -> Result<Option<Job>> {
    let job = sqlx::query_file_as!(JobRow, "queries/job.sql", id.0)
        .fetch_optional(&mut *conn)
        .await
        .during("reading a job")?;
    let Some(job) = job else { return Ok(None) };
    let steps = sqlx::query_file_as!(JobStepRow, "queries/job_steps.sql", id.0)
        .fetch_all(&mut *conn)
        .await
        .during("reading a job's steps")?;
    let items = sqlx::query_file_as!(JobItemRow, "queries/job_items.sql", id.0)
        .fetch_all(&mut *conn)
        .await
        .during("reading a job's items")?;
    Ok(assemble(vec![job], items, steps)?.pop())
}

/// Every job that is not archived, by number.
pub(crate) async fn read_open_jobs(conn: &mut SqliteConnection) -> Result<Vec<Job>> {
    let jobs =
        sqlx::query_file_as!(JobRow, "queries/jobs_open.sql").fetch_all(&mut *conn).await.during("reading jobs")?;
    let steps = sqlx::query_file_as!(JobStepRow, "queries/job_steps_open.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading the steps of jobs")?;
    let items = sqlx::query_file_as!(JobItemRow, "queries/job_items_open.sql")
        .fetch_all(&mut *conn)
        .await
        .during("reading the items of jobs")?;
    assemble(jobs, items, steps)
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
