//! `POST /api/admin/quarantine/reject`: all that waits of a session counts for nothing.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::storage::{Verdict, Which};
use millrace_protocol::Problem;
use millrace_protocol::floor::{Decided, QuarantineDecision, WholeDraft};

/// Rejects all that waits of one session.
#[utoipa::path(post, path = "/api/admin/quarantine/reject", tag = "quarantine", request_body = WholeDraft, responses(
    (status = 200, body = Decided),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, description = "Over seven days old: an administrator has to.", body = Problem),
    (status = 404, body = Problem),
    (status = 409, description = "`INVALID_STATUS_TRANSITION`: the detail says which entry, and what stands against it.", body = Problem),
))]
pub(super) async fn reject_session(
    State(app): State<App>,
    user: Supervisor,
    Body(draft): Body<WholeDraft>,
) -> Result<Json<Decided>, ApiError> {
    let (which, decision) = (Which::Session(draft.session_id), QuarantineDecision::Rejected);
    let verdict = Verdict { which, decision, body: None, reason: draft.reason };
    Ok(Json(app.storage.decide_entries(user.actor(), verdict).await?))
}
