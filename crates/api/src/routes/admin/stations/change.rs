//! `PUT /api/admin/stations/{id}`: a station as it is to be from now on.

use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_domain::station;
use millrace_protocol::station::{Station, StationDraft};
use millrace_protocol::{Problem, StationId};

/// Changes a station. Sessions that were keep the names it had.
#[utoipa::path(put, path = "/api/admin/stations/{id}", tag = "plant", request_body = StationDraft,
    params(
        ("id" = StationId, Path, description = "The station."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = Station),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`CONFLICT`: the code is taken. `IN_USE`: somebody works there.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<StationId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<StationDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let station = app.storage.change_station(admin.actor(), id, version, station::draft(&draft)?).await?;
    Ok(tagged(station.version, station))
}
