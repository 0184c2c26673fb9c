//! `GET /api/admin/sessions/{id}`: a session and all that happened in it.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::Refusal;
use millrace_protocol::history::SessionRecord;
use millrace_protocol::{Problem, SessionId};

/// A session with its stretches, counts, reports, amendments and answered checklists.
#[utoipa::path(get, path = "/api/admin/sessions/{id}", tag = "history",
    params(("id" = SessionId, Path, description = "The session.")),
    responses(
        (status = 200, body = SessionRecord),
        (status = 401, body = Problem),
        (status = 404, description = "`SESSION_NOT_FOUND`", body = Problem),
    ))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<SessionId>,
) -> Result<Json<SessionRecord>, ApiError> {
    Ok(Json(app.storage.session_record(id).await?.ok_or(Refusal::SessionNotFound)?))
}
