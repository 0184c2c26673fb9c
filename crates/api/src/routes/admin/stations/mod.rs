//! Stations: machines and places of work.

mod change;
mod create;
mod delete;
mod list;
mod read;
mod types;

use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::Code;
use millrace_protocol::station::Station;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(types::types)).routes(routes!(
        read::read,
        change::change,
        delete::delete
    ))
}

impl Cells for Station {
    const FILE: &'static str = "stations";
    const HEADER: &'static [&'static str] = &[
        "id",
        "code",
        "name",
        "type",
        "areaId",
        "area",
        "active",
        "attended",
        "minorStopMs",
        "untouchedMs",
        "startChecklistId",
        "endChecklistId",
    ];

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::text(&self.id),
            Cell::text(&self.code),
            Cell::text(&self.name),
            Cell::text(&self.kind),
            Cell::maybe(self.area_id),
            Cell::maybe(self.area.as_ref()),
            Cell::text(&self.active),
            Cell::text(&self.attended),
            self.minor_stop_ms.and_then(|limit| limit.try_into().ok()).map_or(Cell::Empty, Cell::Number),
            self.untouched_ms.and_then(|limit| limit.try_into().ok()).map_or(Cell::Empty, Cell::Number),
            Cell::maybe(self.start_checklist_id),
            Cell::maybe(self.end_checklist_id),
        ]
    }
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such station. Look the id up again.")
}
