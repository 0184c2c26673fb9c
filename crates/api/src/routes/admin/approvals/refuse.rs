//! `POST /api/admin/approvals/{id}/refuse`: a first product is refused, with a note.

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

/// Refuses a first product. The note says why; the worker reads it, mends the product and asks again.
#[utoipa::path(post, path = "/api/admin/approvals/{id}/refuse", tag = "approvals", request_body = DecisionRequest,
    params(("id" = ApprovalId, Path, description = "The request.")),
    responses(
        (status = 200, body = Approval),
        (status = 400, description = "Without a note.", body = Problem),
        (status = 401, body = Problem),
        (status = 403, description = "It is about his own session.", body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: it is decided, or was taken back.", body = Problem),
    ))]
pub(super) async fn refuse(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<ApprovalId>,
    Body(request): Body<DecisionRequest>,
) -> Result<Json<Approval>, ApiError> {
    let decision = Decision::refuse(request.note.as_deref())?;
    Ok(Json(app.storage.decide(user.actor(), None, id, decision).await?))
}
