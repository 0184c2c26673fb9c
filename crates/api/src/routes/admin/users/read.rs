//! `GET /api/admin/users/{id}`: one user.

use super::missing;
use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::people::UserRecord;
use millrace_protocol::{Problem, UserId};

/// One user, with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/users/{id}", tag = "people",
    params(("id" = UserId, Path, description = "The user.")),
    responses(
        (status = 200, body = UserRecord),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
    (status = 404, body = Problem),
    ))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Admin,
    Named(id): Named<UserId>,
) -> Result<impl IntoResponse, ApiError> {
    let found = app.storage.user(id).await?.ok_or_else(missing)?;
    Ok(tagged(found.version, found))
}
