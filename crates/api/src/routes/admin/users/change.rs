//! `PUT /api/admin/users/{id}`: an user as it is to be from now on.

use super::checked;
use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::people::{UserDraft, UserRecord};
use millrace_protocol::{Problem, UserId};

/// Changes an user. With another role, or out of service, the user's logins and streams end.
#[utoipa::path(put, path = "/api/admin/users/{id}", tag = "people", request_body = UserDraft,
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
        (status = 409, description = "The user name is taken, or it is the last administrator.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<UserId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<UserDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let changed = app.storage.change_user(admin.actor(), id, version, checked(draft)?).await?;
    Ok(tagged(changed.version, changed))
}
