//! Reasons: why a machine stands, what a report is about.

mod change;
mod create;
mod delete;
mod list;
mod read;

use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_domain::labels::ALWAYS;
use millrace_protocol::Code;
use millrace_protocol::catalogue::ManagedReason;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(
        read::read,
        change::change,
        delete::delete
    ))
}

impl Cells for ManagedReason {
    const FILE: &'static str = "reasons";
    const HEADER: &'static [&'static str] = &["id", "type", "stationId", "label", "position", "active"];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.reason.id),
            Cell::word(self.kind),
            Cell::maybe(self.station_id),
            Cell::maybe(self.reason.labels.get(ALWAYS)),
            Cell::Number(self.position.into()),
            Cell::text(&self.active),
        ]
    }
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such reason. Look the id up again.")
}
