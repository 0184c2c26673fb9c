//! `DELETE /api/admin/users/{id}`: an user less.

use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::if_match::IfMatch;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::{Problem, UserId};

/// Removes an user with its logins and streams. What the user did stays in history, by name.
#[utoipa::path(delete, path = "/api/admin/users/{id}", tag = "people",
    params(
        ("id" = UserId, Path, description = "The user."),
        ("If-Match" = String, Header, description = "The version that is removed, as its `ETag` says."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "The last administrator stays.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<UserId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, ApiError> {
    app.storage.delete_user(admin.actor(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
