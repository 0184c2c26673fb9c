//! Live streams. Each is a right and a topic; the hub does the rest.

mod active_sessions;
mod kiosk;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(active_sessions::active_sessions)).routes(routes!(kiosk::kiosk))
}
