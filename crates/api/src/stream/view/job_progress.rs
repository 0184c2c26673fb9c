//! Jobs in work: each is told whole, with its items, their steps, and what waits before each step.

use super::{Taken, View};
use crate::stream::distributor::Distributor;
use crate::stream::frame::Event;
use crate::stream::fresh::Fresh;
use crate::stream::picture::Picture;
use async_trait::async_trait;
use millrace_domain::change::Row;
use millrace_domain::storage::Result;
use millrace_protocol::job::Job;
use millrace_protocol::stream::{JobChanged, JobGone};
use serde::Serialize;

/// The view.
#[derive(Debug)]
pub(super) struct JobProgress;

#[derive(Serialize)]
struct Members<'a> {
    jobs: Vec<&'a Job>,
}

/// Whether anything of a job is still to be made.
fn in_work(job: &Job) -> bool {
    job.archived_at.is_none() && job.items.iter().any(|item| !item.complete && item.archived_at.is_none())
}

#[async_trait]
impl View for JobProgress {
    async fn snapshot(&self, hub: &Distributor) -> Result<Taken> {
        let taken = |picture: &Picture| {
            let mut jobs: Vec<_> = picture.jobs(None).filter(|job| in_work(job)).collect();
            jobs.sort_by(|a, b| a.number.cmp(&b.number));
            Taken::new(picture.at(), &Members { jobs })
        };
        Ok(hub.pictured(taken).await)
    }

    fn events(&self, change: &Fresh) -> Vec<Event> {
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
