//! Items of jobs: made, changed, closed short, put away and removed. Each is one command of the writer.

use super::presets;
use crate::effects::exactly_one;
use crate::encoding::number;
use crate::error::Context;
use crate::jobs::read_job;
use crate::writer::Tx;
use millrace_domain::change::{Pair, Row};
use millrace_domain::draft::at_version;
use millrace_domain::planning::{
    change_steps, check_item, check_new_item, check_optional_reason, check_reason, check_steps, may_close_short,
    may_reopen,
};
use millrace_domain::storage::{Actor, Result, StorageError};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::job::JobItem;
use millrace_protocol::planning::{CloseShort, JobItemDraft, PipelineDraft, Reopen, StepDraft};
use millrace_protocol::{JobId, JobItemId};

impl Tx {
    /// `POST /api/admin/jobs/{id}/items`
    pub(crate) async fn create_item(
        &mut self,
        by: &Actor,
        job: JobId,
        draft: JobItemDraft,
        chance: &dyn Chance,
    ) -> Result<JobItem> {
        let draft = check_new_item(draft)?;
        if self.job_to_change(job).await?.archived_at.is_some() {
            return Err(Refusal::InvalidTransition {
                what: "This job is archived. Take it out of the archive before you add to it.".into(),
            }
            .into());
        }
        let steps = self.steps_asked_for(&draft).await?.unwrap_or_default();
        let (id, planned) = (JobItemId(chance.uuid(self.now)), number(draft.planned_quantity)?);
        sqlx::query_file!("queries/job_item_insert.sql", id.0, job.0, draft.name, planned)
            .execute(&mut self.conn)
            .await
            .during("making an item")?;
        if let Some(change) = change_steps(None, &[], &steps)? {
            self.put_steps(id, change, chance).await?;
        }
        let item = self.item_to_change(id).await?;
        self.item_changed(Pair::made(item.clone()), job).await?;
        self.audit(&by.name, "create", &named(&item)).await?;
        Ok(item)
    }

    /// `PUT /api/admin/job-items/{id}`
    pub(crate) async fn change_item(
        &mut self,
        by: &Actor,
        id: JobItemId,
        version: u32,
        draft: JobItemDraft,
        chance: &dyn Chance,
    ) -> Result<JobItem> {
        let draft = check_item(draft)?;
        let old = self.item_to_change(id).await?;
        at_version(old.version, version)?;
        let steps = self.steps_asked_for(&draft).await?;
        self.update_item(by, old, &draft.name, draft.planned_quantity, steps.as_deref(), chance).await
    }

    /// `PUT /api/admin/job-items/{id}/pipeline`
    pub(crate) async fn change_pipeline(
        &mut self,
        by: &Actor,
        id: JobItemId,
        version: u32,
        draft: PipelineDraft,
        chance: &dyn Chance,
    ) -> Result<JobItem> {
        check_steps(&draft.steps)?;
        let old = self.item_to_change(id).await?;
        at_version(old.version, version)?;
        let (name, planned) = (old.name.clone(), old.planned_quantity);
        self.update_item(by, old, &name, planned, Some(&draft.steps), chance).await
    }

    async fn update_item(
        &mut self,
        by: &Actor,
        old: JobItem,
        name: &str,
        planned: u64,
        steps: Option<&[StepDraft]>,
        chance: &dyn Chance,
    ) -> Result<JobItem> {
        if let Some(steps) = steps
            && let Some(change) = change_steps(old.frozen_at, &old.steps, steps)?
        {
            self.put_steps(old.id, change, chance).await?;
        }
        let (from, planned) = (i64::from(old.version), number(planned)?);
        let done = sqlx::query_file!("queries/job_item_update.sql", old.id.0, from, name, planned)
            .execute(&mut self.conn)
            .await
            .during("changing an item")?;
        exactly_one(done.rows_affected(), "changing an item")?;
        self.after_change(by, old, "change", "").await
    }

    /// `POST /api/admin/job-items/{id}/close-short`
    pub(crate) async fn close_short(&mut self, by: &Actor, id: JobItemId, order: CloseShort) -> Result<JobItem> {
        let reason = check_reason(&order.reason)?;
        let old = self.item_to_change(id).await?;
        may_close_short(&old)?;
        self.nobody_works_on(id, &old.name).await?;
        let (from, at) = (i64::from(old.version), self.now.millis());
        let done = sqlx::query_file!("queries/job_item_close_short.sql", id.0, from, at, reason)
            .execute(&mut self.conn)
            .await
            .during("closing an item short")?;
        exactly_one(done.rows_affected(), "closing an item short")?;
        let detail = format!(": {} of {}; {reason}", old.completed_good, old.planned_quantity);
        self.after_change(by, old, "close short", &detail).await
    }

    /// `POST /api/admin/job-items/{id}/reopen`
    pub(crate) async fn reopen_item(&mut self, by: &Actor, id: JobItemId, order: Reopen) -> Result<JobItem> {
        let reason = check_optional_reason(order.reason.as_deref())?;
        let old = self.item_to_change(id).await?;
        may_reopen(&old)?;
        let from = i64::from(old.version);
        let done = sqlx::query_file!("queries/job_item_close_short.sql", id.0, from, None::<i64>, None::<String>)
            .execute(&mut self.conn)
            .await
            .during("reopening an item")?;
        exactly_one(done.rows_affected(), "reopening an item")?;
        let was = old.closed_short_reason.clone().unwrap_or_default();
        let detail = format!(": was closed short for {was:?}; {}", reason.unwrap_or_default());
        self.after_change(by, old, "reopen", &detail).await
    }

    /// `POST /api/admin/job-items/{id}/archive` and `/unarchive`. The same again changes nothing.
    pub(crate) async fn archive_item(&mut self, by: &Actor, id: JobItemId, away: bool) -> Result<JobItem> {
        let old = self.item_to_change(id).await?;
        let job = self.job_to_change(old.job_id).await?;
        if job.archived_at.is_some() {
            return Err(Refusal::InvalidTransition {
                what: "Its job is archived, and its items with it. Take the job out of the archive first.".into(),
            }
            .into());
        }
        if old.archived_at.is_some() == away {
            return Ok(old);
        }
        if away {
            self.nobody_works_on(id, &old.name).await?;
        }
        let (from, at) = (i64::from(old.version), away.then(|| self.now.millis()));
        let done = sqlx::query_file!("queries/job_item_archive.sql", id.0, from, at)
            .execute(&mut self.conn)
            .await
            .during("archiving an item")?;
        exactly_one(done.rows_affected(), "archiving an item")?;
        self.after_change(by, old, if away { "archive" } else { "unarchive" }, "").await
    }

    /// `DELETE /api/admin/job-items/{id}`
    pub(crate) async fn delete_item(&mut self, by: &Actor, id: JobItemId, version: u32) -> Result<()> {
        let old = self.item_to_change(id).await?;
        at_version(old.version, version)?;
        self.remove_item(&old).await?;
        self.audit(&by.name, "delete", &named(&old)).await?;
        let job = old.job_id;
        self.item_changed(Pair::gone(old), job).await
    }

    /// Removes an item and its steps, where nothing needs them.
    pub(super) async fn remove_item(&mut self, item: &JobItem) -> Result<()> {
        self.nothing_needs(item).await?;
        sqlx::query_file!("queries/job_steps_delete.sql", item.id.0)
            .execute(&mut self.conn)
            .await
            .during("removing an item's steps")?;
        let from = i64::from(item.version);
        let done = sqlx::query_file!("queries/job_item_delete.sql", item.id.0, from)
            .execute(&mut self.conn)
            .await
            .during("removing an item")?;
        exactly_one(done.rows_affected(), "removing an item")
    }

    /// Refuses where somebody works on an item now.
    pub(super) async fn nobody_works_on(&mut self, item: JobItemId, name: &str) -> Result<()> {
        let station = sqlx::query_file_scalar!("queries/job_item_worked_on.sql", item.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("asking who works on an item")?;
        match station {
            Some(station) => Err(worked_on(name, &station)),
            None => Ok(()),
        }
    }

    async fn nothing_needs(&mut self, item: &JobItem) -> Result<()> {
        let uses = sqlx::query_file!("queries/job_item_uses.sql", item.id.0)
            .fetch_one(&mut self.conn)
            .await
            .during("asking what needs an item")?;
        if let Some(station) = uses.worked_on_at {
            return Err(worked_on(&item.name, &station));
        }
        let needs: Vec<String> = [
            (uses.sessions, "session"),
            (uses.status_events, "status event"),
            (uses.counts, "count"),
            (uses.reports, "report"),
            (uses.approvals, "approval"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, of)| format!("{count} {of}{}", if count == 1 { "" } else { "s" }))
        .collect();
        if needs.is_empty() {
            return Ok(());
        }
        let what = format!("History needs the item {:?}: {}. Archive it instead.", item.name, needs.join(", "));
        Err(Refusal::InUse { what }.into())
    }

    /// The steps that a draft names, by themselves or by a preset; none where it leaves them as they are.
    async fn steps_asked_for(&mut self, draft: &JobItemDraft) -> Result<Option<Vec<StepDraft>>> {
        match draft.preset_id {
            None => Ok(draft.steps.clone()),
            Some(preset) => match presets::preset(&mut self.conn, preset).await? {
                Some(preset) => Ok(Some(preset.steps.into_iter().map(StepDraft::from).collect())),
                None => {
                    Err(Refusal::Invalid { what: "`presetId`: there is no such preset. Choose another.".into() }.into())
                }
            },
        }
    }

    /// An item as it is now.
    async fn item_to_change(&mut self, id: JobItemId) -> Result<JobItem> {
        let missing = || Refusal::NotFound { what: "There is no such job item. Look the id up again.".into() };
        Ok(self.item(id).await?.map(|(item, _)| item).ok_or_else(missing)?)
    }

    async fn after_change(&mut self, by: &Actor, old: JobItem, verb: &str, detail: &str) -> Result<JobItem> {
        let new = self.item_to_change(old.id).await?;
        let job = new.job_id;
        self.item_changed(Pair::changed(old, new.clone()), job).await?;
        self.audit(&by.name, verb, &format!("{}{detail}", named(&new))).await?;
        Ok(new)
    }

    async fn item_changed(&mut self, item: Pair<JobItem>, job: JobId) -> Result<()> {
        let job = read_job(&mut self.conn, job).await?.map(Box::new);
        self.record(Row::JobItems { item, job }).await
    }
}

/// An item as the audit log names it.
fn named(item: &JobItem) -> String {
    format!("job item {} {} {}", item.id, item.job_number, item.name)
}

fn worked_on(name: &str, station: &str) -> StorageError {
    let what =
        format!("Somebody works on {name:?} at {station} now. Let that session end or choose another item first.");
    Refusal::InUse { what }.into()
}
