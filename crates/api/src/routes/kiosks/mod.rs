//! Kiosks: enrolment, and who they are.

mod enroll;
mod me;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(enroll::enroll)).routes(routes!(me::me))
}
