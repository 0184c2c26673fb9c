//! `POST /api/status-events`: the machine is in another status.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::Asking;
use millrace_protocol::Problem;
use millrace_protocol::action::{ActionAnswer, StatusChangeRequest};

/// Changes the status of a session: the open status event ends and the next begins at the same instant. What production
/// had made and the report that a status wants come in the same action.
#[utoipa::path(post, path = "/api/status-events", tag = "status-events", request_body = StatusChangeRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`APPROVAL_REQUIRED` before production; `SEQ_REUSED`; `CONFLICT`: another report names one of its report's pictures.", body = Problem),
    (status = 422, description = "`STATUS_NOT_ALLOWED`, `REASON_REQUIRED`, `REPORT_REQUIRED`, `JOB_ITEM_REQUIRED` or `INVALID_QUANTITIES`", body = Problem),
))]
pub(crate) async fn create(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<StatusChangeRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, Asking::from)?;
    answer::acted(app.storage.act(action).await?)
}
