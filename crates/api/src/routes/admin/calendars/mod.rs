//! Shift calendars: when areas work.

mod change;
mod create;
mod delete;
mod list;
mod read;

use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_domain::calendar::checked;
use millrace_protocol::Code;
use millrace_protocol::plant::ShiftCalendar;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(
        read::read,
        change::change,
        delete::delete
    ))
}

impl Cells for ShiftCalendar {
    const FILE: &'static str = "shift-calendars";
    const HEADER: &'static [&'static str] = &["id", "name", "timeZone", "shiftsPerWeek", "exceptions", "version"];

    fn cells(&self) -> Vec<Cell> {
        let week = &self.week;
        let days = [&week.monday, &week.tuesday, &week.wednesday, &week.thursday, &week.friday, &week.saturday];
        let shifts = days.into_iter().chain([&week.sunday]).map(Vec::len).sum();
        vec![
            Cell::text(&self.id),
            Cell::text(&self.name),
            Cell::text(&self.time_zone),
            Cell::count(shifts),
            Cell::count(self.exceptions.len()),
            Cell::Number(self.version.into()),
        ]
    }
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such shift calendar. Look the id up again.")
}
