//! `GET /api/stations/{id}/job-items`: what can be made at a station.

use crate::auth::at_kiosk::AtKiosk;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::planning::StationJobItemList;
use millrace_protocol::{Problem, StationId};

/// The items with a step at this station, a row for each such step: open ones first, completed ones after. Those that
/// were closed short or archived are not among them.
#[utoipa::path(get, path = "/api/stations/{id}/job-items", tag = "stations",
    params(
        ("id" = StationId, Path, description = "The station."),
        ("X-Worker-Code" = String, Header, description = "The signed-in worker."),
    ),
    responses((status = 200, body = StationJobItemList), (status = 401, body = Problem)))]
pub(super) async fn job_items(
    State(app): State<App>,
    _caller: AtKiosk,
    Named(station): Named<StationId>,
) -> Result<Json<StationJobItemList>, ApiError> {
    Ok(Json(StationJobItemList { job_items: app.storage.station_job_items(station).await? }))
}
