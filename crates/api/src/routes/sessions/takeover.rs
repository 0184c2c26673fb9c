//! `POST /api/sessions/takeover`: a worker goes on with his session at another kiosk or tab.

use crate::answer;
use crate::auth::at_kiosk::AtKiosk;
use crate::body::Body;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use millrace_protocol::Problem;
use millrace_protocol::session::{Claimed, TakeoverRequest};

/// Takes the signed-in worker's own session over: the epoch is one higher, and the former owner can't write any more.
/// With `then: "abandon"` the session is discarded in the same transaction. A session that was closed for want of contact
/// comes back by it, where nobody is in the way; with `then: "complete"` and `endedAt` its worker says instead when it had
/// really ended, and that is final.
#[utoipa::path(post, path = "/api/sessions/takeover", tag = "sessions", request_body = TakeoverRequest,
    params(("X-Worker-Code" = String, Header, description = "The signed-in worker.")),
    responses(
        (status = 200, body = Claimed),
        (status = 403, description = "It is another worker's.", body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: something was produced, it can't be discarded; or it can't have ended then.", body = Problem),
        (status = 410, description = "`SESSION_NOT_ACTIVE`", body = Problem),
    ))]
pub(crate) async fn takeover(
    State(app): State<App>,
    caller: AtKiosk,
    Body(request): Body<TakeoverRequest>,
) -> Result<Response, ApiError> {
    let owned = app.storage.take_over(caller.caller(), request).await?;
    Ok(answer::claimed(&app, owned, StatusCode::OK))
}
