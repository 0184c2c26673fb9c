//! `GET /api/admin/jobs`: the jobs, by number.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::query::Asked;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_domain::storage::JobFilter;
use millrace_protocol::job::Job;
use millrace_protocol::planning::JobState;
use millrace_protocol::{Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// How far they are.
    #[param(inline)]
    state: Option<JobState>,
    /// Stands somewhere in number, customer, description or the name of an item.
    search: Option<String>,
}

/// The jobs by number, with items, steps and progress: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/jobs", tag = "jobs", params(ListQuery, Which), responses(
    (status = 200, body = Page<Job>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    _user: Supervisor,
    ask: ListAsk,
    Asked(which): Asked<Which>,
) -> Result<Response, ApiError> {
    let filter = JobFilter { state: which.state, search: which.search };
    answer(ask, |asked| app.storage.jobs(filter.clone(), asked)).await
}
