//! `PUT /api/admin/areas/{id}`: an area as it is to be from now on.

use super::checked;
use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::plant::{Area, AreaDraft};
use millrace_protocol::{AreaId, Problem};

/// Changes an area. Sessions that were keep the name it had.
#[utoipa::path(put, path = "/api/admin/areas/{id}", tag = "plant", request_body = AreaDraft,
    params(
        ("id" = AreaId, Path, description = "The area."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = Area),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "The name is taken.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<AreaId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<AreaDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let area = app.storage.change_area(admin.actor(), id, version, checked(&draft)?).await?;
    Ok(tagged(area.version, area))
}
