//! Statuses: what a machine can be said to be in.

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
use millrace_protocol::catalogue::ManagedStatus;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(
        read::read,
        change::change,
        delete::delete
    ))
}

impl Cells for ManagedStatus {
    const FILE: &'static str = "statuses";
    const HEADER: &'static [&'static str] = &[
        "id",
        "key",
        "stationId",
        "label",
        "color",
        "machineState",
        "timeClass",
        "reasonWanted",
        "reportType",
        "protected",
        "position",
        "active",
    ];

    fn cells(&self) -> Vec<Cell> {
        let status = &self.definition;
        vec![
            Cell::text(&status.id),
            Cell::text(&status.key),
            Cell::maybe(self.station_id),
            Cell::maybe(status.labels.get(ALWAYS)),
            Cell::text(&status.color),
            Cell::word(status.machine_state),
            Cell::word(status.time_class),
            Cell::word(status.reason_wanted),
            Cell::word(status.report_type),
            Cell::text(&status.protected),
            Cell::Number(self.position.into()),
            Cell::text(&self.active),
        ]
    }
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such status. Look the id up again.")
}
