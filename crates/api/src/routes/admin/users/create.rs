//! `POST /api/admin/users`: an user more.

use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::secret::{PASSWORDS, hash_aside};
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use millrace_domain::people::new_user;
use millrace_protocol::Problem;
use millrace_protocol::people::{NewUser, UserRecord};

/// Makes an user.
#[utoipa::path(post, path = "/api/admin/users", tag = "people", request_body = NewUser, responses(
    (status = 201, body = UserRecord),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 409, description = "The user name is taken, or it is the last administrator.", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(draft): Body<NewUser>,
) -> Result<impl IntoResponse, ApiError> {
    let (user, password) = new_user(draft)?;
    let hash = hash_aside(&PASSWORDS, password).await?;
    let made = app.storage.create_user(admin.actor(), user, hash).await?;
    Ok((StatusCode::CREATED, tagged(made.version, made)))
}
