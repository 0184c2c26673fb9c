//! `POST /api/sessions/handover`: the next worker takes the machine over.

use crate::answer;
use crate::auth::at_kiosk::AtKiosk;
use crate::body::Body;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use millrace_protocol::Problem;
use millrace_protocol::session::{Claimed, HandoverRequest};

/// Ends the session that runs on the calling kiosk and opens the signed-in worker's, in the same status.
#[utoipa::path(post, path = "/api/sessions/handover", tag = "sessions", request_body = HandoverRequest,
    params(("X-Worker-Code" = String, Header, description = "The worker who takes over, signed in.")),
    responses(
        (status = 201, body = Claimed),
        (status = 200, description = "This instance had taken over already.", body = Claimed),
        (status = 409, description = "`INSTANCE_MISMATCH`: the session runs on another kiosk; or `SESSION_ALREADY_EXISTS`.", body = Problem),
        (status = 422, description = "`INVALID_QUANTITIES`: running production is neither counted nor said to be unknown.", body = Problem),
        (status = 410, description = "`SESSION_NOT_ACTIVE`", body = Problem),
    ))]
pub(crate) async fn handover(
    State(app): State<App>,
    caller: AtKiosk,
    Body(request): Body<HandoverRequest>,
) -> Result<Response, ApiError> {
    if request.action.is_some() {
        return Err(ApiError::invalid("This server takes no `action` with a handover. Leave it out."));
    }
    let owned = app.storage.hand_over(caller.caller(), request).await?;
    Ok(answer::claimed(&app, owned, StatusCode::CREATED))
}
