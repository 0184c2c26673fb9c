//! `GET /api/sessions/{id}`: a worker's own session, with what happened in it.

use crate::auth::at_kiosk::AtKiosk;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::Refusal;
use millrace_protocol::history::WorkerSession;
use millrace_protocol::{Problem, SessionId};

/// A session of the signed-in worker, with its stretches and what was counted.
#[utoipa::path(get, path = "/api/sessions/{id}", tag = "sessions",
    params(
        ("id" = SessionId, Path, description = "The session."),
        ("X-Worker-Code" = String, Header, description = "The worker, signed in."),
    ),
    responses(
        (status = 200, body = WorkerSession),
        (status = 401, body = Problem),
        (status = 404, description = "`SESSION_NOT_FOUND`: none of this worker.", body = Problem),
    ))]
pub(crate) async fn read(
    State(app): State<App>,
    caller: AtKiosk,
    Named(id): Named<SessionId>,
) -> Result<Json<WorkerSession>, ApiError> {
    let session = app.storage.worker_session(caller.caller().worker, id).await?;
    Ok(Json(session.ok_or(Refusal::SessionNotFound)?))
}
