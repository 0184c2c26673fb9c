//! `GET /api/admin/status-definitions/{id}`: one status.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::catalogue::ManagedStatus;
use millrace_protocol::{Problem, StatusDefinitionId};

/// One status, with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/status-definitions/{id}", tag = "plant",
    params(("id" = StatusDefinitionId, Path, description = "The status.")),
    responses((status = 200, body = ManagedStatus), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<StatusDefinitionId>,
) -> Result<impl IntoResponse, ApiError> {
    let status = app.storage.status_definition(id).await?.ok_or_else(missing)?;
    Ok(tagged(status.version, status))
}
