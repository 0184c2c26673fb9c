//! Jobs: made, changed, put away and removed. Each is one command of the writer.

use crate::effects::exactly_one;
use crate::error::{Broken, Context, Unless};
use crate::jobs::read_job;
use crate::writer::Tx;
use millrace_domain::change::{Pair, Row};
use millrace_domain::draft::at_version;
use millrace_domain::planning::check_job;
use millrace_domain::storage::{Actor, Result};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::JobId;
use millrace_protocol::job::Job;
use millrace_protocol::planning::JobDraft;

impl Tx {
    /// `POST /api/admin/jobs`
    pub(crate) async fn create_job(&mut self, by: &Actor, draft: &JobDraft, chance: &dyn Chance) -> Result<Job> {
        let draft = check_job(draft)?;
        let id = JobId(chance.uuid(self.now));
        sqlx::query_file!(
            "queries/job_insert.sql",
            id.0,
            draft.number,
            draft.customer,
            draft.description,
            draft.due_on
        )
        .execute(&mut self.conn)
        .await
        .unless("making a job", number_taken)?;
        let job = self.job_to_change(id).await?;
        self.record(Row::Jobs(Pair::made(job.clone()))).await?;
        self.audit(&by.name, "create", &named(&job)).await?;
        Ok(job)
    }

    /// `PUT /api/admin/jobs/{id}`
    pub(crate) async fn change_job(&mut self, by: &Actor, id: JobId, version: u32, draft: &JobDraft) -> Result<Job> {
        let draft = check_job(draft)?;
        let old = self.job_to_change(id).await?;
        at_version(old.version, version)?;
        let from = i64::from(version);
        let done = sqlx::query_file!(
            "queries/job_update.sql",
            id.0,
            from,
            draft.number,
            draft.customer,
            draft.description,
            draft.due_on
        )
        .execute(&mut self.conn)
        .await
        .unless("changing a job", number_taken)?;
        exactly_one(done.rows_affected(), "changing a job")?;
        let new = self.job_changed(old).await?;
        self.audit(&by.name, "change", &named(&new)).await?;
        Ok(new)
    }

    /// `POST /api/admin/jobs/{id}/archive` and `/unarchive`. The same again changes nothing.
    pub(crate) async fn archive_job(&mut self, by: &Actor, id: JobId, away: bool) -> Result<Job> {
        let old = self.job_to_change(id).await?;
        if old.archived_at.is_some() == away {
            return Ok(old);
        }
        if away {
            for item in &old.items {
                self.nobody_works_on(item.id, &item.name).await?;
            }
        }
        let (from, at) = (i64::from(old.version), away.then(|| self.now.millis()));
        let done = sqlx::query_file!("queries/job_archive.sql", id.0, from, at)
            .execute(&mut self.conn)
            .await
            .during("archiving a job")?;
        exactly_one(done.rows_affected(), "archiving a job")?;
        let new = self.job_changed(old).await?;
        self.audit(&by.name, if away { "archive" } else { "unarchive" }, &named(&new)).await?;
        Ok(new)
    }

    /// `DELETE /api/admin/jobs/{id}`: with its items, where nothing needs them.
    pub(crate) async fn delete_job(&mut self, by: &Actor, id: JobId, version: u32) -> Result<()> {
        let old = self.job_to_change(id).await?;
        at_version(old.version, version)?;
        for item in &old.items {
            self.remove_item(item).await?;
        }
        let from = i64::from(version);
        let done = sqlx::query_file!("queries/job_delete.sql", id.0, from)
            .execute(&mut self.conn)
            .await
            .during("removing a job")?;
        exactly_one(done.rows_affected(), "removing a job")?;
        self.audit(&by.name, "delete", &named(&old)).await?;
        for item in &old.items {
            self.record(Row::JobItems { item: Pair::gone(item.clone()), job: None }).await?;
        }
        self.record(Row::Jobs(Pair::gone(old))).await
    }

    /// A job as it is now.
    pub(super) async fn job_to_change(&mut self, id: JobId) -> Result<Job> {
        let missing = || Refusal::NotFound { what: "There is no such job. Look the id up again.".into() };
        Ok(read_job(&mut self.conn, id).await?.ok_or_else(missing)?)
    }

    /// Records what became of a job, and of those of its items that show it.
    async fn job_changed(&mut self, old: Job) -> Result<Job> {
        let new = self.job_to_change(old.id).await?;
        for (was, is) in old.items.iter().zip(&new.items) {
            if was != is {
                let item = Pair::changed(was.clone(), is.clone());
                self.record(Row::JobItems { item, job: Some(Box::new(new.clone())) }).await?;
            }
        }
        self.record(Row::Jobs(Pair::changed(old, new.clone()))).await?;
        Ok(new)
    }
}

/// What the schema says no to: a number belongs to one job.
fn number_taken(_: Broken) -> Refusal {
    Refusal::Conflict { what: "Another job has this `number`. Choose another.".into() }
}

/// A job as the audit log names it.
fn named(job: &Job) -> String {
    format!("job {} {}", job.id, job.number)
}
