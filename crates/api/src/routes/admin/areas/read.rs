//! `GET /api/admin/areas/{id}`: one area.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::plant::Area;
use millrace_protocol::{AreaId, Problem};

/// One area, with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/areas/{id}", tag = "plant",
    params(("id" = AreaId, Path, description = "The area.")),
    responses((status = 200, body = Area), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<AreaId>,
) -> Result<impl IntoResponse, ApiError> {
    let area = app.storage.area(id).await?.ok_or_else(missing)?;
    Ok(tagged(area.version, area))
}
