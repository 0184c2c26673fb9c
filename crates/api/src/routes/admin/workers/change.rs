//! `PUT /api/admin/workers/{id}`: a worker as it is to be from now on.

use super::checked;
use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::people::{WorkerDraft, WorkerRecord};
use millrace_protocol::{Problem, WorkerId};

/// Changes a worker. Out of service, he can sign in nowhere; a session of his that is open is ended as any other.
#[utoipa::path(put, path = "/api/admin/workers/{id}", tag = "people", request_body = WorkerDraft,
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
        (status = 409, description = "The code is taken.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<WorkerId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<WorkerDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let changed = app.storage.change_worker(admin.actor(), id, version, checked(draft)?).await?;
    Ok(tagged(changed.version, changed))
}
