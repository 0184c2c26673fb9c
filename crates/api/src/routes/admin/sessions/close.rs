//! `POST /api/admin/sessions/{id}/close`: a supervisor ends somebody's session.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::amendment::{CloseDraft, Closed};
use millrace_protocol::{Problem, SessionId};

/// Ends a session, with a reason, at its last contact or at the moment that is given. Its kiosk is told at once.
#[utoipa::path(post, path = "/api/admin/sessions/{id}/close", tag = "history", request_body = CloseDraft,
    params(("id" = SessionId, Path, description = "The session.")),
    responses(
        (status = 200, body = Closed),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, description = "`SESSION_NOT_FOUND`", body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: the moment is still to come, or before the last change of status.", body = Problem),
        (status = 410, description = "`SESSION_NOT_ACTIVE`: it has ended.", body = Problem),
    ))]
pub(super) async fn close(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<SessionId>,
    Body(draft): Body<CloseDraft>,
) -> Result<Json<Closed>, ApiError> {
    Ok(Json(app.storage.close_session(user.actor(), id, draft).await?))
}
