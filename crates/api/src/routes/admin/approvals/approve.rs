//! `POST /api/admin/approvals/{id}/approve`: a first product is as it should be.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::approval::Decision;
use millrace_protocol::desk::DecisionRequest;
use millrace_protocol::floor::Approval;
use millrace_protocol::{ApprovalId, Problem};

/// Approves a first product: production may begin at that station, until the next setup there or for 12 h.
#[utoipa::path(post, path = "/api/admin/approvals/{id}/approve", tag = "approvals", request_body = DecisionRequest,
    params(("id" = ApprovalId, Path, description = "The request.")),
    responses(
        (status = 200, body = Approval),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, description = "It is about his own session.", body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: it is decided, or was taken back.", body = Problem),
    ))]
pub(super) async fn approve(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<ApprovalId>,
    Body(request): Body<DecisionRequest>,
) -> Result<Json<Approval>, ApiError> {
    let decision = Decision::approve(request.note.as_deref())?;
    Ok(Json(app.storage.decide(user.actor(), None, id, decision).await?))
}
