//! `POST /api/admin/job-items/{id}/archive`: an item is put away.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::job::JobItem;
use millrace_protocol::{JobItemId, Problem};

/// Puts an item away: it can't be chosen any more. The same again changes nothing.
#[utoipa::path(post, path = "/api/admin/job-items/{id}/archive", tag = "jobs",
    params(
        ("id" = JobItemId, Path, description = "The item."),
    ),
    responses(
        (status = 200, body = JobItem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`IN_USE`: somebody works on it now. `INVALID_STATUS_TRANSITION`: its job is archived.", body = Problem),
    ))]
pub(super) async fn archive(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobItemId>,
) -> Result<impl IntoResponse, ApiError> {
    let item = app.storage.archive_job_item(user.actor(), id, true).await?;
    Ok(tagged(item.version, item))
}
