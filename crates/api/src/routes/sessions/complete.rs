//! `POST /api/sessions/complete`: a worker ends his session.

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
use millrace_protocol::session::CompleteRequest;

/// Ends a session, from any status; running production is counted in the same action.
#[utoipa::path(post, path = "/api/sessions/complete", tag = "sessions", request_body = CompleteRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`SEQ_REUSED`", body = Problem),
    (status = 422, description = "`INVALID_QUANTITIES`, `CHECKLIST_REQUIRED`", body = Problem),
))]
pub(crate) async fn complete(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<CompleteRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, Asking::from)?;
    answer::acted(app.storage.act(action).await?)
}
