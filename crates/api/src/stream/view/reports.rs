//! Reports, of one kind or all: all that are open, and what was closed lately.

use super::{Taken, View};
use crate::stream::distributor::Distributor;
use crate::stream::frame::Event;
use crate::stream::fresh::Fresh;
use async_trait::async_trait;
use millrace_domain::change::Row;
use millrace_domain::storage::Result;
use millrace_protocol::report::{Report, ReportKind};
use millrace_protocol::stream::ReportTold;
use serde::Serialize;

/// The view.
#[derive(Debug)]
pub(super) struct Reports(pub(super) Option<ReportKind>);

#[derive(Serialize)]
struct Members {
    reports: Vec<Report>,
}

#[async_trait]
impl View for Reports {
    async fn snapshot(&self, hub: &Distributor) -> Result<Taken> {
        let snapshot = hub.log.recent_reports(self.0).await?;
        Ok(Taken::new(snapshot.offset, &Members { reports: snapshot.rows }))
    }

    fn events(&self, change: &Fresh) -> Vec<Event> {
        let Row::Reports { report, .. } = &change.row else { return Vec::new() };
        let Some(new) = report.new.as_deref().filter(|new| self.0.is_none_or(|kind| kind == new.kind)) else {
            return Vec::new();
        };
        // One that was closed long ago and is opened again may be new to who reads: both are told whole.
        let name = if report.old.is_some() { "update" } else { "insert" };
        vec![Event::new(name, &ReportTold { offset: change.offset, report: new.clone() })]
    }
}
