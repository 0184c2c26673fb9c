//! `POST /api/admin/workers`: a worker more.

use super::checked;
use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use millrace_protocol::Problem;
use millrace_protocol::people::{WorkerDraft, WorkerRecord};

/// Makes a worker.
#[utoipa::path(post, path = "/api/admin/workers", tag = "people", request_body = WorkerDraft, responses(
    (status = 201, body = WorkerRecord),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 409, description = "The code is taken.", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(draft): Body<WorkerDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let made = app.storage.create_worker(admin.actor(), checked(draft)?).await?;
    Ok((StatusCode::CREATED, tagged(made.version, made)))
}
