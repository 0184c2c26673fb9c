//! `GET /api/calls`: the calls of a session, and who saw them.

use crate::auth::at_kiosk::AtKiosk;
use crate::error::ApiError;
use crate::query::{Asked, OfSession};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::desk::CallList;

/// The calls of a session of the signed-in worker's, the newest first: who saw them, and when.
#[utoipa::path(get, path = "/api/calls", tag = "calls",
    params(OfSession, ("X-Worker-Code" = String, Header, description = "The signed-in worker.")),
    responses(
        (status = 200, body = CallList),
        (status = 401, body = Problem),
        (status = 404, description = "`SESSION_NOT_FOUND`: none of his.", body = Problem),
    ))]
pub(super) async fn list(
    State(app): State<App>,
    caller: AtKiosk,
    Asked(of): Asked<OfSession>,
) -> Result<Json<CallList>, ApiError> {
    Ok(Json(CallList { calls: app.storage.calls_of_session(caller.caller(), of.session_id).await? }))
}
