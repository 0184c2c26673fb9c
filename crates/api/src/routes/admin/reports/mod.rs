//! Reports as supervisors work on them: listed, looked at, moved from state to state.

mod list;
mod read;
mod state;

use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::report::Report;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(read::read)).routes(routes!(state::state))
}

impl Cells for Report {
    const FILE: &'static str = "reports";
    const HEADER: &'static [&'static str] = &[
        "id",
        "type",
        "state",
        "occurredAt",
        "stationCode",
        "stationName",
        "workerName",
        "jobItemName",
        "reason",
        "description",
        "scrap",
        "images",
        "changedAt",
        "changedBy",
        "sessionId",
        "version",
    ];

    fn cells(&self) -> Vec<Cell> {
        // English is always there.
        let reason = self.reason_labels.as_ref().and_then(|labels| labels.get("en"));
        vec![
            Cell::text(&self.id),
            Cell::word(self.kind),
            Cell::word(self.state),
            Cell::text(&self.occurred_at),
            Cell::text(&self.station_code),
            Cell::text(&self.station_name),
            Cell::text(&self.worker_name),
            Cell::maybe(self.job_item_name.as_ref()),
            Cell::maybe(reason),
            Cell::maybe(self.description.as_ref()),
            Cell::Number(self.scrap.try_into().unwrap_or(i64::MAX)),
            Cell::Number(self.images.len().try_into().unwrap_or(i64::MAX)),
            Cell::text(&self.changed_at),
            Cell::maybe(self.changed_by.as_ref()),
            Cell::text(&self.session_id),
            Cell::Number(self.version.into()),
        ]
    }
}
