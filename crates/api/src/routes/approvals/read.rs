//! `GET /api/approvals`: whether production may begin.

use crate::auth::at_kiosk::AtKiosk;
use crate::error::ApiError;
use crate::query::{Asked, OfSession};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::desk::SessionApproval;

/// Where the approval stands for the item that a session of the signed-in worker's works on.
#[utoipa::path(get, path = "/api/approvals", tag = "approvals",
    params(OfSession, ("X-Worker-Code" = String, Header, description = "The signed-in worker.")),
    responses(
        (status = 200, body = SessionApproval),
        (status = 401, body = Problem),
        (status = 404, description = "`SESSION_NOT_FOUND`: none of his.", body = Problem),
    ))]
pub(super) async fn read(
    State(app): State<App>,
    caller: AtKiosk,
    Asked(of): Asked<OfSession>,
) -> Result<Json<SessionApproval>, ApiError> {
    Ok(Json(app.storage.approval_of_session(caller.caller(), of.session_id).await?))
}
