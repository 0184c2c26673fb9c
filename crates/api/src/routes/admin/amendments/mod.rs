//! Amendments: history put right, with a preview of what that changes.

mod create;
mod list;
mod preview;

use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::amendment::Amendment;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(preview::preview))
}

impl Cells for Amendment {
    const FILE: &'static str = "amendments";
    const HEADER: &'static [&'static str] =
        &["id", "kind", "sessionId", "subjectId", "old", "new", "reason", "actor", "at"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::text(&self.kind),
            Cell::maybe(self.session_id),
            Cell::text(&self.subject_id),
            Cell::text(&self.old),
            Cell::text(&self.new),
            Cell::text(&self.reason),
            Cell::text(&self.actor),
            Cell::text(&self.at),
        ]
    }
}
