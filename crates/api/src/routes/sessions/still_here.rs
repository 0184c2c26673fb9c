//! `POST /api/sessions/still-here`: somebody is still there.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::Deed;
use millrace_protocol::Problem;
use millrace_protocol::action::{ActionAnswer, PlainRequest};

/// Answers the kiosk's question whether somebody is still there.
#[utoipa::path(post, path = "/api/sessions/still-here", tag = "sessions", request_body = PlainRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`SEQ_REUSED`", body = Problem),
))]
pub(crate) async fn still_here(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<PlainRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, |request| Deed::StillHere.plain(request))?;
    answer::acted(app.storage.act(action).await?)
}
