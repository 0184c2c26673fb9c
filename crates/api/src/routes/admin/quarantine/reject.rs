//! `POST /api/admin/quarantine/{id}/reject`: an entry counts for nothing.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::storage::{Verdict, Which};
use millrace_protocol::floor::{Decided, QuarantineDecision, RejectDraft};
use millrace_protocol::{Problem, QuarantineId};

/// Rejects an entry, and what takes it back with it. It stays readable.
#[utoipa::path(post, path = "/api/admin/quarantine/{id}/reject", tag = "quarantine", request_body = RejectDraft,
    params(("id" = QuarantineId, Path, description = "Which.")),
    responses(
        (status = 200, body = Decided),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: it was decided already.", body = Problem),
    ))]
pub(super) async fn reject(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<QuarantineId>,
    Body(draft): Body<RejectDraft>,
) -> Result<Json<Decided>, ApiError> {
    let (which, decision) = (Which::Entry(id), QuarantineDecision::Rejected);
    let verdict = Verdict { which, decision, body: None, reason: draft.reason };
    Ok(Json(app.storage.decide_entries(user.actor(), verdict).await?))
}
