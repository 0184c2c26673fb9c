//! `DELETE /api/admin/reasons/{id}`: a reason less.

use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::if_match::IfMatch;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::catalogue::Deleted;
use millrace_protocol::{Problem, ReasonId};

/// Removes a reason that was never used, and retires one that history uses: it stays readable there, and can't be chosen
/// any more.
#[utoipa::path(delete, path = "/api/admin/reasons/{id}", tag = "plant",
    params(
        ("id" = ReasonId, Path, description = "The reason."),
        ("If-Match" = String, Header, description = "The version that is removed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = Deleted),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<ReasonId>,
    IfMatch(version): IfMatch,
) -> Result<Json<Deleted>, ApiError> {
    let outcome = app.storage.delete_reason(admin.actor(), id, version).await?;
    Ok(Json(Deleted { outcome }))
}
