//! `POST /api/sessions/quantities`: pieces were counted.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::Asking;
use millrace_protocol::Problem;
use millrace_protocol::action::{ActionAnswer, CountRequest};

/// Adds good pieces and scrap to the ledger. Scrap makes a scrap report.
#[utoipa::path(post, path = "/api/sessions/quantities", tag = "sessions", request_body = CountRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`SEQ_REUSED`", body = Problem),
    (status = 422, description = "`INVALID_QUANTITIES`", body = Problem),
))]
pub(crate) async fn quantities(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<CountRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, Asking::from)?;
    answer::acted(app.storage.act(action).await?)
}
