//! `POST /api/admin/status-definitions`: a status more.

use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use millrace_domain::catalogue;
use millrace_protocol::Problem;
use millrace_protocol::catalogue::{ManagedStatus, StatusDraft};

/// Makes a status, of every station or of one.
#[utoipa::path(post, path = "/api/admin/status-definitions", tag = "plant", request_body = StatusDraft, responses(
    (status = 201, body = ManagedStatus),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 409, description = "The key is taken.", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(draft): Body<StatusDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let status = app.storage.create_status_definition(admin.actor(), catalogue::status(&draft)?).await?;
    Ok((StatusCode::CREATED, tagged(status.version, status)))
}
