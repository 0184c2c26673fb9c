//! Live streams. Each is a right and a topic; the hub does the rest.

mod active_sessions;
mod described;
mod job_progress;
mod kiosk;
mod notifications;
mod pipeline;
mod reader;
mod realtime;
mod reports;
mod session;
mod several;
mod stations;

pub(crate) use described::describe;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(active_sessions::active_sessions))
        .routes(routes!(job_progress::job_progress))
        .routes(routes!(kiosk::kiosk))
        .routes(routes!(notifications::notifications))
        .routes(routes!(pipeline::pipeline))
        .routes(routes!(realtime::realtime))
        .routes(routes!(reports::reports))
        .routes(routes!(session::session))
        .routes(routes!(several::several))
        .routes(routes!(stations::stations))
}
