//! `POST /api/reports`: something is to be reported.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::Asking;
use millrace_protocol::Problem;
use millrace_protocol::action::{ActionAnswer, ReportRequest};

/// Reports a malfunction or anything else worth saying, with no change of status.
#[utoipa::path(post, path = "/api/reports", tag = "reports", request_body = ReportRequest, responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`SEQ_REUSED`; `CONFLICT`: another report names one of its pictures.", body = Problem),
    (status = 422, description = "`REASON_REQUIRED`: not one of the station's reasons.", body = Problem),
))]
pub(crate) async fn create(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<ReportRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, Asking::from)?;
    answer::acted(app.storage.act(action).await?)
}
