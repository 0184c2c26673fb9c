//! `POST /api/sessions/bind-job-item`: another item is worked on.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::Asking;
use millrace_protocol::Problem;
use millrace_protocol::action::{ActionAnswer, BindRequest};

/// Works on an item from now on. The step has to be at this station and the item in work; the open status event is split.
#[utoipa::path(post, path = "/api/sessions/bind-job-item", tag = "sessions", request_body = BindRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`APPROVAL_REQUIRED` while producing; `SEQ_REUSED`", body = Problem),
    (status = 422, description = "`STEP_NOT_ALLOWED`, `INVALID_QUANTITIES`", body = Problem),
))]
pub(crate) async fn bind_job_item(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<BindRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, Asking::from)?;
    answer::acted(app.storage.act(action).await?)
}
