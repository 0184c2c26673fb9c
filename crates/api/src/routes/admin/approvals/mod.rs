//! Requests for the approval of a first product, as supervisors answer them.

mod approve;
mod list;
mod refuse;
mod seen;

use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::floor::Approval;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(seen::seen))
        .routes(routes!(approve::approve))
        .routes(routes!(refuse::refuse))
}

impl Cells for Approval {
    const FILE: &'static str = "approvals";
    const HEADER: &'static [&'static str] = &[
        "id",
        "state",
        "askedAt",
        "stationCode",
        "stationName",
        "workerName",
        "jobNumber",
        "jobItemName",
        "seenAt",
        "seenBy",
        "escalatedAt",
        "decidedAt",
        "decidedBy",
        "note",
        "endedAt",
        "sessionId",
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::word(self.state),
            Cell::text(&self.asked_at),
            Cell::text(&self.station_code),
            Cell::text(&self.station_name),
            Cell::text(&self.worker_name),
            Cell::text(&self.job_number),
            Cell::text(&self.job_item_name),
            Cell::maybe(self.seen_at),
            Cell::maybe(self.seen_by.as_ref()),
            Cell::maybe(self.escalated_at),
            Cell::maybe(self.decided_at),
            Cell::maybe(self.decided_by.as_ref()),
            Cell::maybe(self.note.as_ref()),
            Cell::maybe(self.ended_at),
            Cell::text(&self.session_id),
        ]
    }
}
