//! `POST /api/admin/stations`: a station more.

use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use millrace_domain::station;
use millrace_protocol::Problem;
use millrace_protocol::station::{Station, StationDraft};

/// Makes a station.
#[utoipa::path(post, path = "/api/admin/stations", tag = "plant", request_body = StationDraft, responses(
    (status = 201, body = Station),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 409, description = "The code is taken.", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(draft): Body<StationDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let station = app.storage.create_station(admin.actor(), station::draft(&draft)?).await?;
    Ok((StatusCode::CREATED, tagged(station.version, station)))
}
