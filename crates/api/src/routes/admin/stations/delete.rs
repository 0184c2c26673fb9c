//! `DELETE /api/admin/stations/{id}`: a station less.

use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::if_match::IfMatch;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::{Problem, StationId};

/// Removes a station that nothing needs. One that was used is taken out of use instead, by `active: false`.
#[utoipa::path(delete, path = "/api/admin/stations/{id}", tag = "plant",
    params(
        ("id" = StationId, Path, description = "The station."),
        ("If-Match" = String, Header, description = "The version that is removed, as its `ETag` says."),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`IN_USE`: something needs it.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn delete(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<StationId>,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, ApiError> {
    app.storage.delete_station(admin.actor(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
