//! `POST /api/admin/jobs`: a job more.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use millrace_protocol::Problem;
use millrace_protocol::job::Job;
use millrace_protocol::planning::JobDraft;

/// Makes a job. Its items are added one by one.
#[utoipa::path(post, path = "/api/admin/jobs", tag = "jobs", request_body = JobDraft,
    responses(
        (status = 201, body = Job),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, description = "The number is taken.", body = Problem),
    ))]
pub(super) async fn create(
    State(app): State<App>,
    user: Supervisor,
    Body(draft): Body<JobDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let job = app.storage.create_job(user.actor(), draft).await?;
    Ok((StatusCode::CREATED, tagged(job.version, job)))
}
