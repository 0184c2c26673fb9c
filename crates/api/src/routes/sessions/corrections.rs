//! `POST /api/sessions/corrections`: a worker puts something right in his own session.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::Asking;
use millrace_protocol::Problem;
use millrace_protocol::action::ActionAnswer;
use millrace_protocol::amendment::CorrectionRequest;

/// Puts a count right, or what a stretch was: its item, status, reason and beginning. As long as the session is open, and
/// by the rules that hold when it is entered. An amendment keeps it.
#[utoipa::path(post, path = "/api/sessions/corrections", tag = "sessions", request_body = CorrectionRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 404, description = "`NOT_FOUND`: no such count or stretch.", body = Problem),
    (status = 409, description = "`INVALID_STATUS_TRANSITION`: not of this session, or nothing to put right; `APPROVAL_REQUIRED`; `SEQ_REUSED`", body = Problem),
    (status = 422, description = "`INVALID_QUANTITIES`, `STEP_NOT_ALLOWED`, `STATUS_NOT_ALLOWED`, `JOB_ITEM_REQUIRED`, `REASON_REQUIRED` or `REPORT_REQUIRED`", body = Problem),
))]
pub(crate) async fn corrections(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<CorrectionRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, Asking::from)?;
    answer::acted(app.storage.act(action).await?)
}
