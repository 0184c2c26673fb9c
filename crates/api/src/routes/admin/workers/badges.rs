//! `GET /api/admin/workers/{id}/badges`: a worker's badges.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::people::BadgeList;
use millrace_protocol::{Problem, WorkerId};

/// A worker's badges, revoked ones among them.
#[utoipa::path(get, path = "/api/admin/workers/{id}/badges", tag = "people",
    params(("id" = WorkerId, Path, description = "The worker.")),
    responses((status = 200, body = BadgeList), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn badges(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<WorkerId>,
) -> Result<Json<BadgeList>, ApiError> {
    let badges = app.storage.badges(id).await?.ok_or_else(missing)?;
    Ok(Json(BadgeList { badges }))
}
