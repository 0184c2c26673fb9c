//! Users: login, and what only they do.

mod areas;
mod enrolment_codes;
mod job_items;
mod jobs;
mod login;
mod logout;
mod me;
mod presets;
mod revoke_kiosk;
mod stations;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(areas::routes())
        .merge(jobs::routes())
        .merge(job_items::routes())
        .merge(presets::routes())
        .routes(routes!(login::login))
        .routes(routes!(logout::logout))
        .routes(routes!(me::me))
        .routes(routes!(revoke_kiosk::revoke_kiosk))
        .routes(routes!(stations::stations))
        .routes(routes!(enrolment_codes::create_enrolment_code))
}
