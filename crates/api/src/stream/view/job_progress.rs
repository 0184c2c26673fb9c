//! Jobs in work: each is told whole, with its items, their steps, and what waits before each step.

use super::{Taken, View};
use crate::stream::frame::Event;
use async_trait::async_trait;
use millrace_domain::change::{Change, Row};
use millrace_domain::storage::{ChangeLog, Result};
use millrace_protocol::job::Job;
use millrace_protocol::stream::{JobChanged, JobGone};
use serde::Serialize;

/// The view.
#[derive(Debug)]
pub(super) struct JobProgress;

#[derive(Serialize)]
struct Members {
    jobs: Vec<Job>,
}

/// Whether anything of a job is still to be made.
fn in_work(job: &Job) -> bool {
    job.archived_at.is_none() && job.items.iter().any(|item| !item.complete && item.archived_at.is_none())
}

#[async_trait]
impl View for JobProgress {
    async fn snapshot(&self, log: &dyn ChangeLog) -> Result<Taken> {
        let snapshot = log.jobs_open().await?;
        Ok(Taken::new(snapshot.offset, &Members { jobs: snapshot.rows.into_iter().filter(in_work).collect() }))
    }

    fn events(&self, change: &Change) -> Vec<Event> {
        let offset = change.offset;
        let (id, job) = match &change.row {
            Row::Jobs(job) => (job.any().map(|job| job.id), job.new.as_deref()),
            Row::JobItems { item, job } => (item.any().map(|item| item.job_id), job.as_deref()),
            _ => return Vec::new(),
        };
        match (job.filter(|job| in_work(job)), id) {
            (Some(job), _) => vec![Event::new("update", &JobChanged { offset, job: job.clone() })],
            (None, Some(job_id)) => vec![Event::new("delete", &JobGone { offset, job_id })],
            (None, None) => Vec::new(),
        }
    }
}
