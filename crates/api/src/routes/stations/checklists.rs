//! `GET /api/stations/{id}/checklists`: what a station asks when a session starts and ends there.

use crate::auth::at_kiosk::AtKiosk;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::Refusal;
use millrace_protocol::checklist::StationChecklists;
use millrace_protocol::{Problem, StationId};

/// The checklists of a station, each in the version that is in force; null where it asks nothing.
#[utoipa::path(get, path = "/api/stations/{id}/checklists", tag = "stations",
    params(
        ("id" = StationId, Path, description = "The station."),
        ("X-Worker-Code" = String, Header, description = "The signed-in worker."),
    ),
    responses(
        (status = 200, body = StationChecklists),
        (status = 401, body = Problem),
        (status = 403, description = "`STATION_NOT_ALLOWED`: there is no such station in use.", body = Problem),
    ))]
pub(crate) async fn checklists(
    State(app): State<App>,
    _caller: AtKiosk,
    Named(station): Named<StationId>,
) -> Result<Json<StationChecklists>, ApiError> {
    let checklists = app.storage.station_checklists(station).await?;
    checklists.map(Json).ok_or_else(|| Refusal::StationNotAllowed.into())
}
