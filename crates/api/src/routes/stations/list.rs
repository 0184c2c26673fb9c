//! `GET /api/stations`: the stations a worker may use.

use crate::auth::at_kiosk::AtKiosk;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::station::StationList;

/// The stations the signed-in worker may use, and who is at each. Those he is not meant for are marked, or, where he is
/// kept to his own, left out.
#[utoipa::path(get, path = "/api/stations", tag = "stations",
    params(("X-Worker-Code" = String, Header, description = "The signed-in worker.")),
    responses((status = 200, body = StationList), (status = 401, body = Problem)))]
pub(crate) async fn list(State(app): State<App>, caller: AtKiosk) -> Result<Json<StationList>, ApiError> {
    Ok(Json(StationList { stations: app.storage.stations(caller.worker.id).await? }))
}
