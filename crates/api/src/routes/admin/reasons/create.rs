//! `POST /api/admin/reasons`: a reason more.

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
use millrace_protocol::catalogue::{ManagedReason, ReasonDraft};

/// Makes a reason, of every station or of one.
#[utoipa::path(post, path = "/api/admin/reasons", tag = "plant", request_body = ReasonDraft, responses(
    (status = 201, body = ManagedReason),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(draft): Body<ReasonDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let reason = app.storage.create_reason(admin.actor(), catalogue::reason(&draft)?).await?;
    Ok((StatusCode::CREATED, tagged(reason.version, reason)))
}
