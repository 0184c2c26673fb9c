//! What could not be applied, as supervisors read it. Deciding about it is still to come.

mod list;

use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::floor::QuarantineEntry;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list))
}

impl Cells for QuarantineEntry {
    const FILE: &'static str = "quarantine";
    const HEADER: &'static [&'static str] =
        &["id", "kioskId", "seq", "sessionId", "path", "body", "problem", "reason", "occurredAt", "at"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::text(&self.kiosk_id),
            Cell::Number(self.seq.try_into().unwrap_or(i64::MAX)),
            Cell::text(&self.session_id),
            Cell::text(&self.path),
            Cell::text(&self.body),
            Cell::maybe(self.problem.as_ref()),
            Cell::text(&self.reason),
            Cell::text(&self.occurred_at),
            Cell::text(&self.at),
        ]
    }
}
