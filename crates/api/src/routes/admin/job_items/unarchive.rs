//! `POST /api/admin/job-items/{id}/unarchive`: an item is taken out of the archive.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::job::JobItem;
use millrace_protocol::{JobItemId, Problem};

/// Takes an item out of the archive. The same again changes nothing.
#[utoipa::path(post, path = "/api/admin/job-items/{id}/unarchive", tag = "jobs",
    params(
        ("id" = JobItemId, Path, description = "The item."),
    ),
    responses(
        (status = 200, body = JobItem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: its job is archived.", body = Problem),
    ))]
pub(super) async fn unarchive(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobItemId>,
) -> Result<impl IntoResponse, ApiError> {
    let item = app.storage.archive_job_item(user.actor(), id, false).await?;
    Ok(tagged(item.version, item))
}
