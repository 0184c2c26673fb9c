//! `GET /api/reasons`: the reasons of a station.

use crate::auth::at_kiosk::AtKiosk;
use crate::error::ApiError;
use crate::query::Asked;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::status::{ReasonList, ReasonType};
use millrace_protocol::{Problem, StationId};
use serde::Deserialize;
use utoipa::IntoParams;

/// Of which station, for what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Of {
    /// The station.
    pub(crate) station_id: StationId,
    /// What they explain.
    #[serde(rename = "type")]
    kind: ReasonType,
}

/// The reasons of this station for one type, in the order of the plant.
#[utoipa::path(get, path = "/api/reasons", tag = "reasons",
    params(Of, ("X-Worker-Code" = String, Header, description = "The signed-in worker.")),
    responses((status = 200, body = ReasonList), (status = 401, body = Problem)))]
pub(crate) async fn list(
    State(app): State<App>,
    _caller: AtKiosk,
    Asked(of): Asked<Of>,
) -> Result<Json<ReasonList>, ApiError> {
    Ok(Json(ReasonList { reasons: app.storage.reasons(of.station_id, of.kind).await? }))
}
