//! `GET /api/admin/job-items/{id}`: one item.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::job::JobItem;
use millrace_protocol::{JobItemId, Problem};

/// One item with its steps and its progress, and its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/job-items/{id}", tag = "jobs",
    params(
        ("id" = JobItemId, Path, description = "The item."),
    ),
    responses(
        (status = 200, body = JobItem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<JobItemId>,
) -> Result<impl IntoResponse, ApiError> {
    let item = app.storage.job_item(id).await?.ok_or_else(missing)?;
    Ok(tagged(item.version, item))
}
