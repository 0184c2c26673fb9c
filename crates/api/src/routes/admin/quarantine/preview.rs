//! `POST /api/admin/quarantine/{id}/preview`: what accepting an entry would change.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::storage::{Verdict, Which};
use millrace_protocol::floor::{AcceptDraft, Decided, QuarantineDecision};
use millrace_protocol::{Problem, QuarantineId};

/// The same as accepting, taken back: which figures of the session it would change. Nothing is written.
#[utoipa::path(post, path = "/api/admin/quarantine/{id}/preview", tag = "quarantine", request_body = AcceptDraft,
    params(("id" = QuarantineId, Path, description = "Which.")),
    responses(
        (status = 200, body = Decided),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 403, description = "Over seven days old: an administrator has to.", body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: the detail says what stands against it; or a rule of the trade.", body = Problem),
    ))]
pub(super) async fn preview(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<QuarantineId>,
    Body(draft): Body<AcceptDraft>,
) -> Result<Json<Decided>, ApiError> {
    let (which, decision) = (Which::Entry(id), QuarantineDecision::Accepted);
    let verdict = Verdict { which, decision, body: draft.body, reason: draft.reason };
    Ok(Json(app.storage.preview_decision(user.actor(), verdict).await?))
}
