//! [`Planning`] on SQLite: reads go to the readers, commands to the writer.

mod items;
mod jobs;
mod presets;
mod station;
mod steps;

use crate::Sqlite;
use crate::error::Context;
use crate::jobs::read_job;
use async_trait::async_trait;
use millrace_domain::storage::{Actor, Asked, JobFilter, JobItemFilter, Listed, Planning, Result};
use millrace_protocol::job::{Job, JobItem};
use millrace_protocol::planning::{
    CloseShort, JobDraft, JobItemDraft, JobState, PipelineDraft, Preset, PresetDraft, Reopen, StationJobItem,
};
use millrace_protocol::{JobId, JobItemId, PresetId, StationId};

/// Sends a command to the writer, with the database's own chance.
macro_rules! command {
    ($self:ident, |$tx:ident, $chance:ident| $run:expr) => {{
        let $chance = $self.chance.clone();
        $self.write(move |$tx| Box::pin(async move { $run.await })).await
    }};
    ($self:ident, |$tx:ident| $run:expr) => {
        $self.write(move |$tx| Box::pin(async move { $run.await })).await
    };
}

#[async_trait]
impl Planning for Sqlite {
    async fn jobs(&self, filter: JobFilter, asked: Asked) -> Result<Listed<Job>> {
        let (key, after, rows) = (&asked.after.key, asked.after.id, asked.rows());
        let (state, like) = (filter.state.map(JobState::word), filter.search.as_deref().map(containing));
        let mut tx = self.readers.begin().await.during("reading jobs")?;
        let ids = sqlx::query_file_scalar!("queries/jobs_page.sql", key, after, state, like, rows)
            .fetch_all(&mut *tx)
            .await
            .during("reading jobs")?;
        let mut jobs = Vec::with_capacity(ids.len());
        for id in ids {
            jobs.extend(read_job(&mut tx, JobId(id)).await?);
        }
        Ok(Listed::cut(jobs, &asked, |job: &Job| (job.number.clone(), job.id.0)))
    }

    async fn job(&self, id: JobId) -> Result<Option<Job>> {
        let mut tx = self.readers.begin().await.during("reading a job")?;
        read_job(&mut tx, id).await
    }

    async fn create_job(&self, by: Actor, draft: JobDraft) -> Result<Job> {
        command!(self, |tx, chance| tx.create_job(&by, &draft, &*chance))
    }

    async fn change_job(&self, by: Actor, id: JobId, version: u32, draft: JobDraft) -> Result<Job> {
        command!(self, |tx| tx.change_job(&by, id, version, &draft))
    }

    async fn archive_job(&self, by: Actor, id: JobId, away: bool) -> Result<Job> {
        command!(self, |tx| tx.archive_job(&by, id, away))
    }

    async fn delete_job(&self, by: Actor, id: JobId, version: u32) -> Result<()> {
        command!(self, |tx| tx.delete_job(&by, id, version))
    }

    async fn job_items(&self, filter: JobItemFilter, asked: Asked) -> Result<Listed<JobItem>> {
        let (key, after, rows) = (&asked.after.key, asked.after.id, asked.rows());
        let (state, like) = (filter.state.map(JobState::word), filter.search.as_deref().map(containing));
        let of = filter.job.map(|id| id.0);
        let mut tx = self.readers.begin().await.during("reading items")?;
        let rows = sqlx::query_file!("queries/job_items_page.sql", key, after, state, of, like, rows)
            .fetch_all(&mut *tx)
            .await
            .during("reading items")?;
        let mut items = Vec::with_capacity(rows.len());
        let mut job: Option<Job> = None;
        for row in rows {
            // Items of a job follow each other: it is read once.
            if job.as_ref().is_none_or(|job| job.id.0 != row.job_id) {
                job = read_job(&mut tx, JobId(row.job_id)).await?;
            }
            let item = job.iter().flat_map(|job| &job.items).find(|item| item.id.0 == row.id);
            items.extend(item.cloned());
        }
        Ok(Listed::cut(items, &asked, |item: &JobItem| (item.job_number.clone(), item.id.0)))
    }

    async fn job_item(&self, id: JobItemId) -> Result<Option<JobItem>> {
        let mut tx = self.readers.begin().await.during("reading an item")?;
        let job = sqlx::query_file_scalar!("queries/job_of_item.sql", id.0)
            .fetch_optional(&mut *tx)
            .await
            .during("reading an item's job")?;
        let Some(job) = job else { return Ok(None) };
        let job = read_job(&mut tx, JobId(job)).await?;
        Ok(job.and_then(|job| job.items.into_iter().find(|item| item.id == id)))
    }

    async fn create_job_item(&self, by: Actor, job: JobId, draft: JobItemDraft) -> Result<JobItem> {
        command!(self, |tx, chance| tx.create_item(&by, job, draft, &*chance))
    }

    async fn change_job_item(&self, by: Actor, id: JobItemId, version: u32, draft: JobItemDraft) -> Result<JobItem> {
        command!(self, |tx, chance| tx.change_item(&by, id, version, draft, &*chance))
    }

    async fn change_pipeline(&self, by: Actor, id: JobItemId, version: u32, draft: PipelineDraft) -> Result<JobItem> {
        command!(self, |tx, chance| tx.change_pipeline(&by, id, version, draft, &*chance))
    }

    async fn close_short(&self, by: Actor, id: JobItemId, order: CloseShort) -> Result<JobItem> {
        command!(self, |tx| tx.close_short(&by, id, order))
    }

    async fn reopen_job_item(&self, by: Actor, id: JobItemId, order: Reopen) -> Result<JobItem> {
        command!(self, |tx| tx.reopen_item(&by, id, order))
    }

    async fn archive_job_item(&self, by: Actor, id: JobItemId, away: bool) -> Result<JobItem> {
        command!(self, |tx| tx.archive_item(&by, id, away))
    }

    async fn delete_job_item(&self, by: Actor, id: JobItemId, version: u32) -> Result<()> {
        command!(self, |tx| tx.delete_item(&by, id, version))
    }

    async fn presets(&self, asked: Asked) -> Result<Listed<Preset>> {
        presets::list(&self.readers, &asked).await
    }

    async fn preset(&self, id: PresetId) -> Result<Option<Preset>> {
        presets::preset(&self.readers, id).await
    }

    async fn create_preset(&self, by: Actor, draft: PresetDraft) -> Result<Preset> {
        command!(self, |tx, chance| tx.create_preset(&by, draft, &*chance))
    }

    async fn change_preset(&self, by: Actor, id: PresetId, version: u32, draft: PresetDraft) -> Result<Preset> {
        command!(self, |tx| tx.change_preset(&by, id, version, draft))
    }

    async fn delete_preset(&self, by: Actor, id: PresetId, version: u32) -> Result<()> {
        command!(self, |tx| tx.delete_preset(&by, id, version))
    }

    async fn station_job_items(&self, station: StationId) -> Result<Vec<StationJobItem>> {
        let mut tx = self.readers.begin().await.during("reading a station's items")?;
        station::job_items(&mut tx, station, self.clock.now(), &self.policy).await
    }
}

/// A pattern of LIKE for texts that hold this one, whatever stands in it.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn what_is_searched_for_is_no_pattern() {
        assert_eq!(containing("50% a_b\\"), r"%50\% a\_b\\%");
    }
}
