//! `DELETE /api/admin/badges/{id}`: a badge signs nobody in any more.

use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::people::Badge;
use millrace_protocol::{BadgeId, Problem};

/// Revokes a badge, at once and for good; it stays in the worker's list. No `If-Match`: a lost badge does not wait.
#[utoipa::path(delete, path = "/api/admin/badges/{id}", tag = "people",
    params(("id" = BadgeId, Path, description = "The badge.")),
    responses(
        (status = 200, description = "It is revoked, now or earlier.", body = Badge),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn revoke_badge(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<BadgeId>,
) -> Result<Json<Badge>, ApiError> {
    Ok(Json(app.storage.revoke_badge(admin.actor(), id).await?))
}
