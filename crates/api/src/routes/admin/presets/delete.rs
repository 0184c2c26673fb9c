//! `DELETE /api/admin/presets/{id}`: a preset less.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::IfMatch;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::{PresetId, Problem};

/// Removes a preset. Items that were made from it stay as they are.
#[utoipa::path(delete, path = "/api/admin/presets/{id}", tag = "jobs",
    params(
        ("id" = PresetId, Path, description = "The preset."),
        ("If-Match" = String, Header, description = "The version that is removed, as its `ETag` says."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<PresetId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, ApiError> {
    app.storage.delete_preset(user.actor(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
