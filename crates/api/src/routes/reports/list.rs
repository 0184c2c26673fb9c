//! `GET /api/reports`: what was reported in a session.

use crate::auth::at_kiosk::AtKiosk;
use crate::error::ApiError;
use crate::query::{Asked, OfSession};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::desk::ReportList;

/// The reports of a session of the signed-in worker's, the newest first.
#[utoipa::path(get, path = "/api/reports", tag = "reports",
    params(OfSession, ("X-Worker-Code" = String, Header, description = "The signed-in worker.")),
    responses(
        (status = 200, body = ReportList),
        (status = 401, body = Problem),
        (status = 404, description = "`SESSION_NOT_FOUND`: none of his.", body = Problem),
    ))]
pub(super) async fn list(
    State(app): State<App>,
    caller: AtKiosk,
    Asked(of): Asked<OfSession>,
) -> Result<Json<ReportList>, ApiError> {
    Ok(Json(ReportList { reports: app.storage.reports_of_session(caller.caller(), of.session_id).await? }))
}
