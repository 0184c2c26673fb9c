//! Approvals of first products.

mod create;
mod decide;
mod read;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create::create, read::read)).routes(routes!(decide::decide))
}
