//! `GET /api/admin/stations`: every station in use, for the board.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::station::StationList;

/// Every station in use, by code, and who is at each.
#[utoipa::path(get, path = "/api/admin/stations", tag = "admin", responses(
    (status = 200, body = StationList),
    (status = 401, body = Problem),
))]
pub(crate) async fn stations(State(app): State<App>, _supervisor: Supervisor) -> Result<Json<StationList>, ApiError> {
    Ok(Json(StationList { stations: app.storage.stations(None).await? }))
}
