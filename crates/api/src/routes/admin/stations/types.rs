//! `GET /api/admin/stations/types`: suggestions for the type of a station.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::station::StationTypes;

/// The types that stations have, each once, by name. A type is free text; these are suggestions for the next.
#[utoipa::path(get, path = "/api/admin/stations/types", tag = "plant", responses(
    (status = 200, body = StationTypes),
    (status = 401, body = Problem),
))]
pub(super) async fn types(State(app): State<App>, _user: Supervisor) -> Result<Json<StationTypes>, ApiError> {
    Ok(Json(StationTypes { types: app.storage.station_types().await? }))
}
