//! One session with its history: its row, its stretches, its reports. Each is told whole; who reads merges by id.

use super::{Taken, View};
use crate::stream::distributor::Distributor;
use crate::stream::frame::Event;
use crate::stream::fresh::Fresh;
use async_trait::async_trait;
use millrace_domain::change::Row;
use millrace_domain::storage::Result;
use millrace_protocol::SessionId;
use millrace_protocol::report::Report;
use millrace_protocol::session::Session;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::stream::{ReportTold, SessionChanged, StatusEventTold};
use serde::Serialize;

/// The view.
#[derive(Debug)]
pub(super) struct OneSession(pub(super) SessionId);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    session: Option<Session>,
    status_events: Vec<StatusEvent>,
    reports: Vec<Report>,
}

#[async_trait]
impl View for OneSession {
    async fn snapshot(&self, hub: &Distributor) -> Result<Taken> {
        let snapshot = hub.log.session_history(self.0).await?;
        let members = match snapshot.rows {
            Some(history) => Members {
                session: Some(history.session),
                status_events: history.status_events,
                reports: history.reports,
            },
            // The route asked before: a session is never removed.
            None => Members { session: None, status_events: Vec::new(), reports: Vec::new() },
        };
        Ok(Taken::new(snapshot.offset, &members))
    }

    fn events(&self, change: &Fresh) -> Vec<Event> {
        let offset = change.offset;
        let event = match &change.row {
            Row::Sessions { new, .. } if new.id == self.0 => {
                Event::new("session_update", &SessionChanged { offset, session: (**new).clone() })
            }
            Row::StatusEvents { new, .. } if new.session_id == self.0 => {
                Event::new("status_event", &StatusEventTold { offset, status_event: (**new).clone() })
            }
            Row::Reports { report, .. } => match &report.new {
                Some(new) if new.session_id == self.0 => {
                    Event::new("report", &ReportTold { offset, report: (**new).clone() })
                }
                Some(_) | None => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        vec![event]
    }
}
