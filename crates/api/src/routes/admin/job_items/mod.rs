//! Items of jobs: what is made, how many, and on which way through the plant.

mod archive;
mod change;
mod change_pipeline;
mod close_short;
mod delete;
mod list;
mod pipeline;
mod read;
mod reopen;
mod unarchive;

use super::jobs::number;
use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_domain::planning::item_state;
use millrace_protocol::Code;
use millrace_protocol::job::{JobItem, JobStep};
use millrace_protocol::planning::Pipeline;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(read::read, change::change, delete::delete))
        .routes(routes!(pipeline::pipeline, change_pipeline::change_pipeline))
        .routes(routes!(close_short::close_short))
        .routes(routes!(reopen::reopen))
        .routes(routes!(archive::archive))
        .routes(routes!(unarchive::unarchive))
}

impl Cells for JobItem {
    const FILE: &'static str = "job-items";
    const HEADER: &'static [&'static str] = &[
        "id",
        "jobNumber",
        "position",
        "name",
        "plannedQuantity",
        "completedGood",
        "completedScrap",
        "missing",
        "state",
        "frozenAt",
        "closedShortAt",
        "closedShortReason",
        "archivedAt",
        "steps",
    ];

    fn cells(&self) -> Vec<Cell> {
        let steps: Vec<String> = self.steps.iter().map(balance).collect();
        vec![
            Cell::text(&self.id),
            Cell::text(&self.job_number),
            number(self.position),
            Cell::text(&self.name),
            number(self.planned_quantity),
            number(self.completed_good),
            number(self.completed_scrap),
            number(self.missing),
            Cell::text(item_state(self).word()),
            Cell::maybe(self.frozen_at),
            Cell::maybe(self.closed_short_at),
            Cell::maybe(self.closed_short_reason.as_ref()),
            Cell::maybe(self.archived_at),
            Cell::text(&steps.join("; ")),
        ]
    }
}

/// A step with what was counted at it: station, good and scrap.
fn balance(step: &JobStep) -> String {
    format!("{} {}+{}", step.station_code, step.good, step.scrap)
}

/// An item's way through the plant.
fn steps_of(item: JobItem) -> Pipeline {
    Pipeline { job_item_id: item.id, frozen_at: item.frozen_at, steps: item.steps, version: item.version }
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such job item. Look the id up again.")
}
