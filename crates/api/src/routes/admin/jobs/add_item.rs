//! `POST /api/admin/jobs/{id}/items`: an item more.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use millrace_protocol::job::JobItem;
use millrace_protocol::planning::JobItemDraft;
use millrace_protocol::{JobId, Problem};

/// Adds an item to a job, with its steps in order or those of a preset. The last step is terminal: it alone advances
/// the item.
#[utoipa::path(post, path = "/api/admin/jobs/{id}/items", tag = "jobs", request_body = JobItemDraft,
    params(
        ("id" = JobId, Path, description = "The job."),
    ),
    responses(
        (status = 201, body = JobItem),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "The job is archived.", body = Problem),
    ))]
pub(super) async fn add_item(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobId>,
    Body(draft): Body<JobItemDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let item = app.storage.create_job_item(user.actor(), id, draft).await?;
    Ok((StatusCode::CREATED, tagged(item.version, item)))
}
