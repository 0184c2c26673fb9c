//! `POST /api/admin/approvals/{id}/seen`: a supervisor looks at a request.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::floor::Approval;
use millrace_protocol::{ApprovalId, Problem};

/// Says that a supervisor looked at a request. The first to look is kept.
#[utoipa::path(post, path = "/api/admin/approvals/{id}/seen", tag = "approvals",
    params(("id" = ApprovalId, Path, description = "Which.")),
    responses(
        (status = 200, body = Approval),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn seen(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<ApprovalId>,
) -> Result<Json<Approval>, ApiError> {
    Ok(Json(app.storage.approval_seen(user.actor(), id).await?))
}
