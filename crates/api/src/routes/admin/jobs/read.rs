//! `GET /api/admin/jobs/{id}`: one job.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::job::Job;
use millrace_protocol::{JobId, Problem};

/// One job with its items, their steps and their progress, and its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/jobs/{id}", tag = "jobs",
    params(
        ("id" = JobId, Path, description = "The job."),
    ),
    responses(
        (status = 200, body = Job),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<JobId>,
) -> Result<impl IntoResponse, ApiError> {
    let job = app.storage.job(id).await?.ok_or_else(missing)?;
    Ok(tagged(job.version, job))
}
