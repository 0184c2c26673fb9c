//! Sessions as a supervisor finds them: in a list, one with its history, closed by him.

mod close;
mod list;
mod read;

use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_protocol::session::Session;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(read::read)).routes(routes!(close::close))
}

impl Cells for Session {
    const FILE: &'static str = "sessions";
    const HEADER: &'static [&'static str] = &[
        "id",
        "workerCode",
        "workerName",
        "stationCode",
        "stationName",
        "areaName",
        "status",
        "closeReason",
        "provisional",
        "startedAt",
        "endedAt",
        "jobNumber",
        "jobItemName",
        "good",
        "scrap",
        "countMissing",
        "malfunctionCount",
    ];

    fn cells(&self) -> Vec<Cell> {
        let number = |count: u64| Cell::Number(i64::try_from(count).unwrap_or(i64::MAX));
        vec![
            Cell::text(&self.id),
            Cell::text(&self.worker_code),
            Cell::text(&self.worker_name),
            Cell::text(&self.station_code),
            Cell::text(&self.station_name),
            Cell::maybe(self.area_name.as_ref()),
            Cell::word(self.status),
            Cell::word(self.close_reason),
            Cell::text(&self.provisional),
            Cell::text(&self.started_at),
            Cell::maybe(self.ended_at),
            Cell::maybe(self.job_number.as_ref()),
            Cell::maybe(self.job_item_name.as_ref()),
            number(self.totals.good),
            number(self.totals.scrap),
            Cell::text(&self.count_missing),
            number(self.malfunction_count.into()),
        ]
    }
}
