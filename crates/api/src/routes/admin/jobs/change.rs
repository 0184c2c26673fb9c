//! `PUT /api/admin/jobs/{id}`: a job as it is to be from now on.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::job::Job;
use millrace_protocol::planning::JobDraft;
use millrace_protocol::{JobId, Problem};

/// Changes a job; what the draft leaves out is empty from then on. History keeps the number it had.
#[utoipa::path(put, path = "/api/admin/jobs/{id}", tag = "jobs", request_body = JobDraft,
    params(
        ("id" = JobId, Path, description = "The job."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = Job),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "The number is taken.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<JobDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let job = app.storage.change_job(user.actor(), id, version, draft).await?;
    Ok(tagged(job.version, job))
}
