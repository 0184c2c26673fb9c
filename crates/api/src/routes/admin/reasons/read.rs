//! `GET /api/admin/reasons/{id}`: one reason.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::catalogue::ManagedReason;
use millrace_protocol::{Problem, ReasonId};

/// One reason, with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/reasons/{id}", tag = "plant",
    params(("id" = ReasonId, Path, description = "The reason.")),
    responses((status = 200, body = ManagedReason), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<ReasonId>,
) -> Result<impl IntoResponse, ApiError> {
    let reason = app.storage.reason(id).await?.ok_or_else(missing)?;
    Ok(tagged(reason.version, reason))
}
