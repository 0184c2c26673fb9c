//! `POST /api/admin/job-items/{id}/reopen`: more of an item are made after all.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::job::JobItem;
use millrace_protocol::planning::Reopen;
use millrace_protocol::{JobItemId, Problem};

/// Opens an item again that was closed short.
#[utoipa::path(post, path = "/api/admin/job-items/{id}/reopen", tag = "jobs", request_body = Reopen,
    params(
        ("id" = JobItemId, Path, description = "The item."),
    ),
    responses(
        (status = 200, body = JobItem),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: it was not closed short, or is archived.", body = Problem),
    ))]
pub(super) async fn reopen(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobItemId>,
    Body(draft): Body<Reopen>,
) -> Result<impl IntoResponse, ApiError> {
    let item = app.storage.reopen_job_item(user.actor(), id, draft).await?;
    Ok(tagged(item.version, item))
}
