//! `POST /api/admin/jobs/{id}/archive`: a job is put away.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::job::Job;
use millrace_protocol::{JobId, Problem};

/// Puts a job away: its items can't be chosen any more. The same again changes nothing.
#[utoipa::path(post, path = "/api/admin/jobs/{id}/archive", tag = "jobs",
    params(
        ("id" = JobId, Path, description = "The job."),
    ),
    responses(
        (status = 200, body = Job),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`IN_USE`: somebody works on it now.", body = Problem),
    ))]
pub(super) async fn archive(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobId>,
) -> Result<impl IntoResponse, ApiError> {
    let job = app.storage.archive_job(user.actor(), id, true).await?;
    Ok(tagged(job.version, job))
}
