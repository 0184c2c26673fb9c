//! `POST /api/calls/{id}/cancel`: a worker takes his call back.

use crate::answer;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::deed::Deed;
use millrace_protocol::action::{ActionAnswer, PlainRequest};
use millrace_protocol::{CallId, Problem};

/// Takes a call back.
#[utoipa::path(post, path = "/api/calls/{id}/cancel", tag = "calls", request_body = PlainRequest,
    params(("id" = CallId, Path, description = "The call.")), responses(
    (status = 200, body = ActionAnswer),
    (status = 409, description = "`INVALID_STATUS_TRANSITION`: it is over; or `SEQ_REUSED`.", body = Problem),
))]
pub(crate) async fn cancel(
    State(app): State<App>,
    kiosk: Kiosk,
    Named(call): Named<CallId>,
    body: ActionBody<PlainRequest>,
) -> Result<Json<ActionAnswer>, ApiError> {
    let action = body.action(kiosk.identity.id, kiosk.worker_code, |request| Deed::CancelCall(call).plain(request))?;
    answer::acted(app.storage.act(action).await?)
}
