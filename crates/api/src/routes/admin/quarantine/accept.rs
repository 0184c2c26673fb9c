//! `POST /api/admin/quarantine/{id}/accept`: an entry is history now.

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

/// Does an entry as history, with a `body` in place of what was sent where it is edited. It never changes what is live:
/// what would is refused. The opening of a session that was started without the server makes that session, ended. An
/// entry and its undo are accepted together, and come to nothing.
#[utoipa::path(post, path = "/api/admin/quarantine/{id}/accept", tag = "quarantine", request_body = AcceptDraft,
    params(("id" = QuarantineId, Path, description = "Which.")),
    responses(
        (status = 200, body = Decided),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 403, description = "Over seven days old: an administrator has to.", body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: the detail says what stands against it; or a rule of the trade.", body = Problem),
    ))]
pub(super) async fn accept(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<QuarantineId>,
    Body(draft): Body<AcceptDraft>,
) -> Result<Json<Decided>, ApiError> {
    let (which, decision) = (Which::Entry(id), QuarantineDecision::Accepted);
    let verdict = Verdict { which, decision, body: draft.body, reason: draft.reason };
    Ok(Json(app.storage.decide_entries(user.actor(), verdict).await?))
}
