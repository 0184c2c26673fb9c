//! `DELETE /api/admin/workers/{id}/pin`: a worker needs no PIN any more.

use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::people::WorkerRecord;
use millrace_protocol::{Problem, WorkerId};

/// Takes a worker's PIN away: his code or badge alone signs him in from now on.
#[utoipa::path(delete, path = "/api/admin/workers/{id}/pin", tag = "people",
    params(
        ("id" = WorkerId, Path, description = "The worker."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = WorkerRecord),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn clear_pin(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<WorkerId>,
    IfMatch(version): IfMatch,
) -> Result<impl IntoResponse, ApiError> {
    let changed = app.storage.set_pin(admin.actor(), id, version, None).await?;
    Ok(tagged(changed.version, changed))
}
