//! `POST /api/admin/calls/{id}/done`: a supervisor is done with a call.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::floor::Call;
use millrace_protocol::{CallId, Problem};

/// Says that a call is over.
#[utoipa::path(post, path = "/api/admin/calls/{id}/done", tag = "calls",
    params(("id" = CallId, Path, description = "Which.")),
    responses(
        (status = 200, body = Call),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: the worker took it back.", body = Problem),
    ))]
pub(super) async fn done(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<CallId>,
) -> Result<Json<Call>, ApiError> {
    Ok(Json(app.storage.call_done(user.actor(), id).await?))
}
