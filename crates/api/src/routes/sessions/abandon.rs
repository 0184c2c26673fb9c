//! `POST /api/sessions/abandon`: a worker gives up a session he started by mistake.

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

/// Gives up a session in which nothing was produced or counted.
#[utoipa::path(post, path = "/api/sessions/abandon", tag = "sessions", request_body = PlainRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`INVALID_STATUS_TRANSITION`: something was produced; or `SEQ_REUSED`.", body = Problem),
))]
pub(crate) async fn abandon(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<PlainRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, |request| Deed::Abandon.plain(request))?;
    answer::acted(app.storage.act(action).await?)
}
