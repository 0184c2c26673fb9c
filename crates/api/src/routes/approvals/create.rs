//! `POST /api/approvals`: a worker asks for the approval of his first product.

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

/// Asks for the approval of the first product of the item in work. While one waits, the same is answered.
#[utoipa::path(post, path = "/api/approvals", tag = "approvals", request_body = CallRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`INVALID_STATUS_TRANSITION`: nothing has to be approved, or it is; `SEQ_REUSED`.", body = Problem),
    (status = 422, description = "`JOB_ITEM_REQUIRED`", body = Problem),
))]
pub(crate) async fn create(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<CallRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, |request| {
        Deed::noted(request, |note| Deed::AskApproval { note })
    })?;
    answer::acted(app.storage.act(action).await?)
}
