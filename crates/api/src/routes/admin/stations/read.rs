//! `GET /api/admin/stations/{id}`: one station.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::station::Station;
use millrace_protocol::{Problem, StationId};

/// One station, with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/stations/{id}", tag = "plant",
    params(("id" = StationId, Path, description = "The station.")),
    responses((status = 200, body = Station), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<StationId>,
) -> Result<impl IntoResponse, ApiError> {
    let station = app.storage.station(id).await?.ok_or_else(missing)?;
    Ok(tagged(station.version, station))
}
