//! `POST /api/sessions`: a worker opens a session at a station.

use crate::answer;
use crate::auth::at_kiosk::AtKiosk;
use crate::body::Body;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use millrace_protocol::Problem;
use millrace_protocol::session::{Claimed, OpenRequest};

/// Opens a session at a station, in the status `stop`, under epoch 1. Repeating it with the same instance gives the
/// same session.
#[utoipa::path(post, path = "/api/sessions", tag = "sessions", request_body = OpenRequest,
    params(("X-Worker-Code" = String, Header, description = "The signed-in worker.")),
    responses(
        (status = 201, body = Claimed),
        (status = 200, description = "This instance had opened it already.", body = Claimed),
        (status = 403, description = "`STATION_NOT_ALLOWED`", body = Problem),
        (status = 409, description = "`STATION_OCCUPIED`, or `SESSION_ALREADY_EXISTS` with that session.", body = Problem),
    ))]
pub(crate) async fn open(
    State(app): State<App>,
    caller: AtKiosk,
    Body(request): Body<OpenRequest>,
) -> Result<Response, ApiError> {
    if request.action.is_some() {
        // Taking it as an ordinary opening would put the session at the wrong time without a word.
        return Err(ApiError::invalid(
            "This server does not take sessions that were opened without it. Leave `action` out.",
        ));
    }
    let owned = app.storage.open(caller.caller(), request).await?;
    Ok(answer::claimed(&app, owned, StatusCode::CREATED))
}
