//! Presets: templates for the steps of items.

mod change;
mod create;
mod delete;
mod list;
mod read;

use super::jobs::number;
use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::Code;
use millrace_protocol::planning::Preset;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(
        read::read,
        change::change,
        delete::delete
    ))
}

impl Cells for Preset {
    const FILE: &'static str = "presets";
    const HEADER: &'static [&'static str] = &["id", "name", "steps", "stationIds"];

    fn cells(&self) -> Vec<Cell> {
        let stations: Vec<String> = self.steps.iter().map(|step| step.station_id.to_string()).collect();
        vec![Cell::text(&self.id), Cell::text(&self.name), number(self.steps.len()), Cell::text(&stations.join(" "))]
    }
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such preset. Look the id up again.")
}
