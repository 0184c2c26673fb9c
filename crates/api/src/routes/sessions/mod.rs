//! Sessions: opening, ownership and end.

mod abandon;
mod complete;
mod handover;
mod heartbeat;
mod open;
mod takeover;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(open::open))
        .routes(routes!(heartbeat::heartbeat))
        .routes(routes!(takeover::takeover))
        .routes(routes!(handover::handover))
        .routes(routes!(complete::complete))
        .routes(routes!(abandon::abandon))
}
