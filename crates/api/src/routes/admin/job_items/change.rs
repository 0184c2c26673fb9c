//! `PUT /api/admin/job-items/{id}`: an item as it is to be from now on.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::job::JobItem;
use millrace_protocol::planning::JobItemDraft;
use millrace_protocol::{JobItemId, Problem};

/// Changes an item. Without `steps` and `presetId` its steps stay as they are; from its first production on they can't
/// be changed.
#[utoipa::path(put, path = "/api/admin/job-items/{id}", tag = "jobs", request_body = JobItemDraft,
    params(
        ("id" = JobItemId, Path, description = "The item."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = JobItem),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`STEPS_FROZEN`; or `IN_USE`: a session has chosen a step that is to go.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobItemId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<JobItemDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let item = app.storage.change_job_item(user.actor(), id, version, draft).await?;
    Ok(tagged(item.version, item))
}
