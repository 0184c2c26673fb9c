//! The routes: a folder per resource, a file per endpoint.

mod about;
mod actions;
mod admin;
mod approvals;
mod calls;
mod cron;
mod images;
mod kiosks;
mod messages;
mod reasons;
mod reports;
mod sessions;
mod stations;
mod status_events;
mod statuses;
mod streams;
mod workers;

pub(crate) use streams::describe;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// All routes of the interface, with their description.
pub(crate) fn all() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(about::routes())
        .merge(actions::routes())
        .merge(admin::routes())
        .merge(approvals::routes())
        .merge(calls::routes())
        .merge(cron::routes())
        .merge(images::routes())
        .merge(kiosks::routes())
        .merge(messages::routes())
        .merge(reasons::routes())
        .merge(reports::routes())
        .merge(sessions::routes())
        .merge(stations::routes())
        .merge(status_events::routes())
        .merge(statuses::routes())
        .merge(streams::routes())
        .merge(workers::routes())
}
