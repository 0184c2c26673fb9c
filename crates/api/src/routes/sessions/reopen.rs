//! `POST /api/sessions/reopen`: a session that was closed for want of contact goes on.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::Asking;
use millrace_protocol::Problem;
use millrace_protocol::action::{ActionAnswer, ReopenRequest};

/// Brings a session back that was closed provisionally, under its last claim, where its worker and its station are free.
/// Any other action under that claim does the same first. From its last contact to `runningSince` nobody knows what the
/// machine did: that is a stretch of its own. On an open session of the caller's it changes nothing.
#[utoipa::path(post, path = "/api/sessions/reopen", tag = "sessions", request_body = ReopenRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`STATION_OCCUPIED`, `SESSION_ALREADY_EXISTS`, `INSTANCE_MISMATCH`, `SEQ_REUSED`", body = Problem),
    (status = 410, description = "`SESSION_NOT_ACTIVE`: it ended for good.", body = Problem),
))]
pub(crate) async fn reopen(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<ReopenRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, Asking::from)?;
    answer::acted(app.storage.act(action).await?)
}
