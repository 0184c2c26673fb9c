//! `DELETE /api/admin/checklists/{id}`: a checklist less.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::IfMatch;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::{ChecklistId, Problem};

/// Removes a checklist that nothing needs. One that was answered is taken out of use instead, by `active: false`.
#[utoipa::path(delete, path = "/api/admin/checklists/{id}", tag = "plant",
    params(
        ("id" = ChecklistId, Path, description = "The checklist."),
        ("If-Match" = String, Header, description = "The version that is removed, as its `ETag` says."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`IN_USE`: a station asks it, or it was answered.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<ChecklistId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, ApiError> {
    app.storage.delete_checklist(user.actor(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
