//! `POST /api/admin/jobs/{id}/unarchive`: a job is taken out of the archive.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::job::Job;
use millrace_protocol::{JobId, Problem};

/// Takes a job out of the archive. The same again changes nothing.
#[utoipa::path(post, path = "/api/admin/jobs/{id}/unarchive", tag = "jobs",
    params(
        ("id" = JobId, Path, description = "The job."),
    ),
    responses(
        (status = 200, body = Job),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn unarchive(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobId>,
) -> Result<impl IntoResponse, ApiError> {
    let job = app.storage.archive_job(user.actor(), id, false).await?;
    Ok(tagged(job.version, job))
}
