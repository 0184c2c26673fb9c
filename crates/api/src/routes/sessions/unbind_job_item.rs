//! `POST /api/sessions/unbind-job-item`: no item is worked on any more.

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

/// Works on no item any more. Not while the machine produces.
#[utoipa::path(post, path = "/api/sessions/unbind-job-item", tag = "sessions", request_body = PlainRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`SEQ_REUSED`", body = Problem),
    (status = 422, description = "`JOB_ITEM_REQUIRED`: the machine is producing.", body = Problem),
))]
pub(crate) async fn unbind_job_item(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<PlainRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, |request| Deed::Unbind.plain(request))?;
    answer::acted(app.storage.act(action).await?)
}
