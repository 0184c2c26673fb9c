//! Workers: who they are, their PINs and badges.

mod add_badge;
mod badges;
mod change;
mod clear_pin;
mod create;
mod delete;
mod list;
mod read;
mod revoke_badge;
mod set_pin;

use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_domain::people::worker as checked;
use millrace_protocol::Code;
use millrace_protocol::people::WorkerRecord;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(read::read, change::change, delete::delete))
        .routes(routes!(set_pin::set_pin, clear_pin::clear_pin))
        .routes(routes!(badges::badges, add_badge::add_badge))
        .routes(routes!(revoke_badge::revoke_badge))
}

impl Cells for WorkerRecord {
    const FILE: &'static str = "workers";
    const HEADER: &'static [&'static str] = &[
        "id",
        "code",
        "name",
        "department",
        "language",
        "hasPin",
        "active",
        "stationIds",
        "strictStations",
        "version",
    ];

    fn cells(&self) -> Vec<Cell> {
        let stations: Vec<String> = self.station_ids.iter().map(ToString::to_string).collect();
        vec![
            Cell::text(&self.id),
            Cell::text(&self.code),
            Cell::text(&self.name),
            Cell::maybe(self.department.as_ref()),
            Cell::text(&self.language),
            Cell::text(&self.has_pin),
            Cell::text(&self.active),
            Cell::text(&stations.join(" ")),
            Cell::text(&self.strict_stations),
            Cell::Number(self.version.into()),
        ]
    }
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such worker. Look the id up again.")
}
