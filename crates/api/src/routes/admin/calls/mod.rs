//! Calls to the supervisor, as supervisors answer them.

mod done;
mod list;
mod seen;

use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::floor::Call;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(seen::seen)).routes(routes!(done::done))
}

impl Cells for Call {
    const FILE: &'static str = "calls";
    const HEADER: &'static [&'static str] = &[
        "id",
        "state",
        "madeAt",
        "stationCode",
        "stationName",
        "workerName",
        "note",
        "seenAt",
        "seenBy",
        "escalatedAt",
        "endedAt",
        "sessionId",
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::word(self.state),
            Cell::text(&self.made_at),
            Cell::text(&self.station_code),
            Cell::text(&self.station_name),
            Cell::text(&self.worker_name),
            Cell::maybe(self.note.as_ref()),
            Cell::maybe(self.seen_at),
            Cell::maybe(self.seen_by.as_ref()),
            Cell::maybe(self.escalated_at),
            Cell::maybe(self.ended_at),
            Cell::text(&self.session_id),
        ]
    }
}
