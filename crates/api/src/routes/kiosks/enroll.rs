//! `POST /api/kiosks/enroll`: a device becomes a kiosk.

use crate::auth::cookie::Jar;
use crate::auth::credential::foreign_origin;
use crate::body::Body;
use crate::error::ApiError;
use crate::peer::Peer;
use crate::secret::{code_hash, token, token_hash};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse, Response};
use http::HeaderMap;
use http::header::SET_COOKIE;
use millrace_protocol::access::{EnrollRequest, Enrolled};
use millrace_protocol::{Code, Problem};

/// Uses up an enrolment code. With `cookie: true` the token comes as a cookie that no script can read.
#[utoipa::path(post, path = "/api/kiosks/enroll", tag = "kiosks", security(()), request_body = EnrollRequest, responses(
    (status = 200, body = Enrolled),
    (status = 401, description = "The code is unknown, used or expired: the answer is the same.", body = Problem),
    (status = 429, body = Problem),
))]
pub(crate) async fn enroll(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    Body(request): Body<EnrollRequest>,
) -> Result<Response, ApiError> {
    if request.cookie && foreign_origin(&headers) {
        return Err(ApiError::new(Code::Forbidden, "A cookie is given to this server's own pages only."));
    }
    let secret = token(&*app.chance);
    let judge = async { Ok(app.storage.enrol(code_hash(&request.code), token_hash(&secret)).await?) };
    // A code has no owner to count by, and nobody may keep others from enrolling: its 40 bits stand a guess from
    // every address there is.
    let subject = format!("enrolment from {peer}");
    let Some(enrolled) = app.throttle.guess(&subject, &*app.clock, judge).await? else {
        return Err(ApiError::unauthenticated(
            "This enrolment code is unknown, used or expired. Check it, or ask a supervisor for a new one.",
        ));
    };
    let cookie = request.cookie.then(|| (SET_COOKIE, Jar::Kiosk.set(&secret, app.settings.secure_cookies)));
    let token = (!request.cookie).then_some(secret);
    Ok((AppendHeaders(cookie), Json(Enrolled { token, ..enrolled })).into_response())
}
