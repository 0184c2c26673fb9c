//! `POST /api/sessions/complete`: a worker ends his session.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::action::ActionAnswer;
use millrace_protocol::session::EndRequest;

/// Ends a session, from any status.
#[utoipa::path(post, path = "/api/sessions/complete", tag = "sessions", request_body = EndRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 404, body = Problem),
    (status = 409, description = "`SEQ_REUSED`", body = Problem),
))]
pub(crate) async fn complete(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<EndRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, |end| (end.session_id, end.action, end.ended_at))?;
    answer::acted(app.storage.complete(action).await?)
}
