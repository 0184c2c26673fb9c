//! Kiosks: enrolment, and who they are.

mod enroll;
mod me;
mod provisions;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(enroll::enroll)).routes(routes!(me::me)).routes(routes!(provisions::provisions))
}
