//! `POST /api/calls`: a worker calls the supervisor.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::Deed;
use millrace_protocol::Problem;
use millrace_protocol::action::{ActionAnswer, CallRequest};

/// Calls the supervisor. While a call of this session waits, the same call is answered.
#[utoipa::path(post, path = "/api/calls", tag = "calls", request_body = CallRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`SEQ_REUSED`", body = Problem),
))]
pub(crate) async fn create(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<CallRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action =
        body.action(kiosk.identity.id, kiosk.worker_code, |request| Deed::noted(request, |note| Deed::Call { note }))?;
    answer::acted(app.storage.act(action).await?)
}
