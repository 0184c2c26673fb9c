//! `GET /api/admin/job-items/{id}/pipeline`: the steps of an item.

use super::{missing, steps_of};
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::planning::Pipeline;
use millrace_protocol::{JobItemId, Problem};

/// The steps of an item in order, and the item's version as `ETag`.
#[utoipa::path(get, path = "/api/admin/job-items/{id}/pipeline", tag = "jobs",
    params(
        ("id" = JobItemId, Path, description = "The item."),
    ),
    responses(
        (status = 200, body = Pipeline),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn pipeline(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<JobItemId>,
) -> Result<impl IntoResponse, ApiError> {
    let pipeline = app.storage.job_item(id).await?.map(steps_of).ok_or_else(missing)?;
    Ok(tagged(pipeline.version, pipeline))
}
