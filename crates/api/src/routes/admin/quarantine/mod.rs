//! What could not be applied, and what supervisors decide about it.

mod accept;
mod accept_session;
mod list;
mod preview;
mod reject;
mod reject_session;

use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::floor::{QuarantineDecision, QuarantineEntry};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(accept::accept))
        .routes(routes!(preview::preview))
        .routes(routes!(reject::reject))
        .routes(routes!(accept_session::accept_session))
        .routes(routes!(reject_session::reject_session))
}

impl Cells for QuarantineEntry {
    const FILE: &'static str = "quarantine";
    const HEADER: &'static [&'static str] = &[
        "id",
        "kioskId",
        "seq",
        "sessionId",
        "workerName",
        "stationName",
        "path",
        "body",
        "problem",
        "reason",
        "occurredAt",
        "at",
        "decision",
        "decidedAt",
        "decidedBy",
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::text(&self.kiosk_id),
            Cell::Number(self.seq.try_into().unwrap_or(i64::MAX)),
            Cell::text(&self.session_id),
            Cell::maybe(self.worker_name.as_ref()),
            Cell::maybe(self.station_name.as_ref()),
            Cell::text(&self.path),
            Cell::text(&self.body),
            Cell::maybe(self.problem.as_ref()),
            Cell::text(&self.reason),
            Cell::text(&self.occurred_at),
            Cell::text(&self.at),
            Cell::maybe(self.decision.map(decided)),
            Cell::maybe(self.decided_at.as_ref()),
            Cell::maybe(self.decided_by.as_ref()),
        ]
    }
}

fn decided(decision: QuarantineDecision) -> &'static str {
    match decision {
        QuarantineDecision::Accepted => "accepted",
        QuarantineDecision::Rejected => "rejected",
    }
}
