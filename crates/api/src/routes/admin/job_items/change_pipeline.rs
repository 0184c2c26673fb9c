//! `PUT /api/admin/job-items/{id}/pipeline`: the steps of an item as they are to be from now on.

use super::steps_of;
use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::planning::{Pipeline, PipelineDraft};
use millrace_protocol::{JobItemId, Problem};

/// Changes the steps of an item before its first production. A step is itself by its `id`, or else by its station.
#[utoipa::path(put, path = "/api/admin/job-items/{id}/pipeline", tag = "jobs", request_body = PipelineDraft,
    params(
        ("id" = JobItemId, Path, description = "The item."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = Pipeline),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`STEPS_FROZEN`; or `IN_USE`: a session has chosen a step that is to go.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change_pipeline(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<JobItemId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<PipelineDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let pipeline = steps_of(app.storage.change_pipeline(user.actor(), id, version, draft).await?);
    Ok(tagged(pipeline.version, pipeline))
}
