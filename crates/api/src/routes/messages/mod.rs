//! Messages to the calling kiosk.

mod confirmed;
mod list;
mod shown;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(shown::shown)).routes(routes!(confirmed::confirmed))
}
