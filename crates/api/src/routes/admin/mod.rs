//! Users: login, and what only they do.

mod areas;
mod calendars;
mod checklists;
mod enrolment_codes;
mod job_items;
mod jobs;
mod kiosks;
mod login;
mod logout;
mod me;
mod presets;
mod reasons;
mod stations;
mod status_definitions;
mod users;
mod workers;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(areas::routes())
        .merge(jobs::routes())
        .merge(job_items::routes())
        .merge(presets::routes())
        .merge(calendars::routes())
        .merge(checklists::routes())
        .merge(enrolment_codes::routes())
        .merge(kiosks::routes())
        .merge(reasons::routes())
        .merge(stations::routes())
        .merge(status_definitions::routes())
        .merge(users::routes())
        .merge(workers::routes())
        .routes(routes!(login::login))
        .routes(routes!(logout::logout))
        .routes(routes!(me::me))
}
