//! Pictures of reports.

mod put;
mod read;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(put::put, read::read))
}

/// A picture, for the description of the interface.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
struct Binary(#[expect(dead_code, reason = "only its description is used")] String);
