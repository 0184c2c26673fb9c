//! `POST /api/admin/job-items/{id}/close-short`: no more of an item are made.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::job::JobItem;
use millrace_protocol::planning::CloseShort;
use millrace_protocol::{JobItemId, Problem};

/// Closes an item short: it counts as complete, and can't be chosen any more. Where somebody works on
/// it now, he chooses another first.
#[utoipa::path(post, path = "/api/admin/job-items/{id}/close-short", tag = "jobs", request_body = CloseShort,
    params(
        ("id" = JobItemId, Path, description = "The item."),
    ),
    responses(
        (status = 200, body = JobItem),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: it was closed short already, is archived, or has as many good pieces as were planned; `IN_USE`: somebody works on it.", body = Problem),
    ))]
pub(super) async fn close_short(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobItemId>,
    Body(draft): Body<CloseShort>,
) -> Result<impl IntoResponse, ApiError> {
    let item = app.storage.close_short(user.actor(), id, draft).await?;
    Ok(tagged(item.version, item))
}
