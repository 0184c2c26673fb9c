//! `PUT /api/admin/users/{id}/password`: a user gets a password.

use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::secret::{PASSWORDS, hash_aside};
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::people::{PasswordDraft, UserRecord};
use millrace_protocol::{Problem, UserId};

/// Gives a user a password, in place of the one they had. Their logins and streams end.
#[utoipa::path(put, path = "/api/admin/users/{id}/password", tag = "people", request_body = PasswordDraft,
    params(
        ("id" = UserId, Path, description = "The user."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = UserRecord),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn set_password(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<UserId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<PasswordDraft>,
) -> Result<impl IntoResponse, ApiError> {
    millrace_domain::people::password(&draft.password)?;
    let hash = hash_aside(&PASSWORDS, draft.password).await?;
    let changed = app.storage.set_password(admin.actor(), id, version, hash).await?;
    Ok(tagged(changed.version, changed))
}
