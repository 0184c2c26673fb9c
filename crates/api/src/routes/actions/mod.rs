//! What is done with entries of a kiosk's outbox as such.

mod park;
mod undo;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(park::park)).routes(routes!(undo::undo))
}
