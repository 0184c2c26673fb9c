//! `GET /api/admin/job-items`: the items of all jobs.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::query::Asked;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_domain::storage::JobItemFilter;
use millrace_protocol::job::JobItem;
use millrace_protocol::planning::JobState;
use millrace_protocol::{JobId, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which items.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Of which job.
    job_id: Option<JobId>,
    /// How far they are.
    #[param(inline)]
    state: Option<JobState>,
    /// Stands somewhere in name, job's number or customer.
    search: Option<String>,
}

/// The items with their steps and progress, by their jobs' numbers: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/job-items", tag = "jobs", params(ListQuery, Which), responses(
    (status = 200, body = Page<JobItem>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    _user: Supervisor,
    ask: ListAsk,
    Asked(which): Asked<Which>,
) -> Result<Response, ApiError> {
    let filter = JobItemFilter { job: which.job_id, state: which.state, search: which.search };
    answer(ask, |asked| app.storage.job_items(filter.clone(), asked)).await
}
