//! `GET /api/statuses`: the statuses of a station.

use crate::auth::at_kiosk::AtKiosk;
use crate::error::ApiError;
use crate::query::Asked;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::status::StatusList;
use millrace_protocol::{Problem, StationId};
use serde::Deserialize;
use utoipa::IntoParams;

/// Of which station.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Of {
    /// The station.
    pub(crate) station_id: StationId,
}

/// The statuses a machine at this station can be in: global ones first, then its own.
#[utoipa::path(get, path = "/api/statuses", tag = "statuses",
    params(Of, ("X-Worker-Code" = String, Header, description = "The signed-in worker.")),
    responses((status = 200, body = StatusList), (status = 401, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    _caller: AtKiosk,
    Asked(of): Asked<Of>,
) -> Result<Json<StatusList>, ApiError> {
    Ok(Json(StatusList { statuses: app.storage.statuses(of.station_id).await? }))
}
