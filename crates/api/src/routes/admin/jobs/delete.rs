//! `DELETE /api/admin/jobs/{id}`: a job less.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::IfMatch;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::{JobId, Problem};

/// Removes a job and its items, where neither a session nor history needs one of them.
#[utoipa::path(delete, path = "/api/admin/jobs/{id}", tag = "jobs",
    params(
        ("id" = JobId, Path, description = "The job."),
        ("If-Match" = String, Header, description = "The version that is removed, as its `ETag` says."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`IN_USE`: archive it instead.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, ApiError> {
    app.storage.delete_job(user.actor(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
