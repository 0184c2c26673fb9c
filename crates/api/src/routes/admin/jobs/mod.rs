//! Jobs: made, changed, put away and removed by supervisors.

mod add_item;
mod archive;
mod change;
mod create;
mod delete;
mod list;
mod read;
mod unarchive;

use crate::error::ApiError;
use crate::list::{Cell, Cells};
use crate::state::App;
use millrace_domain::planning::job_state;
use millrace_protocol::Code;
use millrace_protocol::job::Job;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(read::read, change::change, delete::delete))
        .routes(routes!(archive::archive))
        .routes(routes!(unarchive::unarchive))
        .routes(routes!(add_item::add_item))
}

impl Cells for Job {
    const FILE: &'static str = "jobs";
    const HEADER: &'static [&'static str] = &[
        "id",
        "number",
        "customer",
        "description",
        "dueOn",
        "state",
        "archivedAt",
        "items",
        "completeItems",
        "plannedQuantity",
        "completedGood",
        "completedScrap",
    ];

    fn cells(&self) -> Vec<Cell> {
        let complete = self.items.iter().filter(|item| item.complete).count();
        vec![
            Cell::text(&self.id),
            Cell::text(&self.number),
            Cell::maybe(self.customer.as_ref()),
            Cell::maybe(self.description.as_ref()),
            Cell::maybe(self.due_on.as_ref()),
            Cell::text(job_state(self).word()),
            Cell::maybe(self.archived_at),
            number(self.items.len()),
            number(complete),
            number(self.items.iter().map(|item| item.planned_quantity).sum::<u64>()),
            number(self.items.iter().map(|item| item.completed_good).sum::<u64>()),
            number(self.items.iter().map(|item| item.completed_scrap).sum::<u64>()),
        ]
    }
}

/// A count as a cell; one that no sheet could hold is cut.
pub(super) fn number(count: impl TryInto<i64>) -> Cell {
    Cell::Number(count.try_into().unwrap_or(i64::MAX))
}

fn missing() -> ApiError {
    ApiError::new(Code::NotFound, "There is no such job. Look the id up again.")
}
