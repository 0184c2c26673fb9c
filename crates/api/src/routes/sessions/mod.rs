//! Sessions: opening, ownership and end.

mod abandon;
mod bind_job_item;
mod complete;
mod corrections;
mod handover;
mod heartbeat;
mod offline;
mod open;
mod quantities;
mod read;
mod reopen;
mod still_here;
mod takeover;
mod unbind_job_item;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(open::open))
        .routes(routes!(read::read))
        .routes(routes!(corrections::corrections))
        .routes(routes!(heartbeat::heartbeat))
        .routes(routes!(reopen::reopen))
        .routes(routes!(takeover::takeover))
        .routes(routes!(handover::handover))
        .routes(routes!(quantities::quantities))
        .routes(routes!(bind_job_item::bind_job_item))
        .routes(routes!(unbind_job_item::unbind_job_item))
        .routes(routes!(still_here::still_here))
        .routes(routes!(complete::complete))
        .routes(routes!(abandon::abandon))
}
