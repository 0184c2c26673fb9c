//! Users: login, and what only they do.

mod amendments;
mod approvals;
mod areas;
mod calendars;
mod calls;
mod checklists;
mod enrolment_codes;
mod job_items;
mod jobs;
mod kiosks;
mod login;
mod logout;
mod me;
mod messages;
mod presets;
mod quarantine;
mod reasons;
mod reports;
mod sessions;
mod stations;
mod status_definitions;
mod users;
mod workers;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(approvals::routes())
        .merge(amendments::routes())
        .merge(areas::routes())
        .merge(sessions::routes())
        .merge(calls::routes())
        .merge(jobs::routes())
        .merge(job_items::routes())
        .merge(messages::routes())
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
        .merge(quarantine::routes())
        .merge(reports::routes())
        .routes(routes!(login::login))
        .routes(routes!(logout::logout))
        .routes(routes!(me::me))
}
