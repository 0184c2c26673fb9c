//! Stations as a worker sees them.

mod checklists;
mod job_items;
mod list;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(job_items::job_items))
        .routes(routes!(checklists::checklists))
}
