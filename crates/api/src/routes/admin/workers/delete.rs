//! `DELETE /api/admin/workers/{id}`: a worker less.

use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::if_match::IfMatch;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::{Problem, WorkerId};

/// Removes a worker who never worked here. His badges go with him.
#[utoipa::path(delete, path = "/api/admin/workers/{id}", tag = "people",
    params(
        ("id" = WorkerId, Path, description = "The worker."),
        ("If-Match" = String, Header, description = "The version that is removed, as its `ETag` says."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "History needs him: take him out of service instead.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<WorkerId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, ApiError> {
    app.storage.delete_worker(admin.actor(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
