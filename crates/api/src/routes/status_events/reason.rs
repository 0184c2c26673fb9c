//! `POST /api/status-events/{id}/reason`: a stop is explained afterwards.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::Deed;
use millrace_protocol::action::{ActionAnswer, ReasonRequest};
use millrace_protocol::{Problem, StatusEventId};

/// Gives a status event its reason, or another one, as long as the session is open.
#[utoipa::path(post, path = "/api/status-events/{id}/reason", tag = "status-events", request_body = ReasonRequest,
    params(("id" = StatusEventId, Path, description = "The status event.")),
    responses(
        (status = 200, body = ActionAnswer),
        (status = 409, description = "`SEQ_REUSED`, or the event is not one of this session.", body = Problem),
        (status = 422, description = "`REASON_REQUIRED`: not one of the station's reasons.", body = Problem),
    ))]
pub(crate) async fn give_reason(
    State(app): State<App>,
    kiosk: Kiosk,
    Named(event): Named<StatusEventId>,
    body: ActionBody<ReasonRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, |request| Deed::reason(event, request))?;
    answer::acted(app.storage.act(action).await?)
}
