//! Work the server does by itself, on demand.

mod close_idle_sessions;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(close_idle_sessions::close_idle_sessions))
}
