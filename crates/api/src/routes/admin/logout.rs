//! `POST /api/admin/logout`: a user's login ends, and his streams with it.

use crate::auth::cookie::Jar;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use millrace_protocol::Problem;

/// Ends the login that the request was made with; its streams say goodbye.
#[utoipa::path(post, path = "/api/admin/logout", tag = "admin", responses(
    (status = 204, description = "The login has ended."),
    (status = 401, body = Problem),
))]
pub(crate) async fn logout(State(app): State<App>, supervisor: Supervisor) -> Result<Response, ApiError> {
    app.storage.log_out(supervisor.0.number).await?;
    let cookie = Jar::User.clear(app.settings.secure_cookies);
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response())
}
