//! `POST /api/admin/login`: a user logs in.

use crate::auth::cookie::Jar;
use crate::auth::credential::foreign_origin;
use crate::body::Body;
use crate::error::ApiError;
use crate::peer::Peer;
use crate::secret::{PASSWORDS, token, token_hash, verify_aside};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse, Response};
use http::HeaderMap;
use http::header::SET_COOKIE;
use millrace_protocol::access::{UserLoggedIn, UserLogin};
use millrace_protocol::{Code, Problem};

/// Logs a user in. With `cookie: true` the token comes as a cookie that no script can read.
///
/// After a few wrong passwords in a row for a user name, whoever tried them has to wait (`RATE_LIMITED`).
#[utoipa::path(post, path = "/api/admin/login", tag = "admin", security(()), request_body = UserLogin, responses(
    (status = 200, body = UserLoggedIn),
    (status = 401, description = "Unknown user name or wrong password: the answer is the same.", body = Problem),
    (status = 429, body = Problem),
))]
pub(crate) async fn login(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    Body(request): Body<UserLogin>,
) -> Result<Response, ApiError> {
    if request.cookie && foreign_origin(&headers) {
        return Err(ApiError::new(Code::Forbidden, "A cookie is given to this server's own pages only."));
    }
    let judge = async {
        let known = app.storage.user_by_name(&request.username).await?;
        let hash = known.as_ref().map(|(_, hash)| hash.clone());
        let right = verify_aside(&PASSWORDS, request.password, hash).await;
        Ok(known.filter(|_| right))
    };
    let subject = format!("user {} from {peer}", request.username);
    let Some((user, _)) = app.throttle.guess(&subject, &*app.clock, judge).await? else {
        return Err(ApiError::unauthenticated("Unknown user name or wrong password. Try again."));
    };
    let secret = token(&*app.chance);
    let login = app.storage.log_in(user, token_hash(&secret)).await?;
    let cookie = request.cookie.then(|| (SET_COOKIE, Jar::User.set(&secret, app.settings.secure_cookies)));
    let token = (!request.cookie).then_some(secret);
    let body = UserLoggedIn { token, expires_at: login.expires_at, user: login.user };
    Ok((AppendHeaders(cookie), Json(body)).into_response())
}
