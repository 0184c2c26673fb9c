//! `POST /api/admin/areas`: an area more.

use super::checked;
use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use millrace_protocol::Problem;
use millrace_protocol::plant::{Area, AreaDraft};

/// Makes an area.
#[utoipa::path(post, path = "/api/admin/areas", tag = "plant", request_body = AreaDraft, responses(
    (status = 201, body = Area),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 409, description = "The name is taken.", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(draft): Body<AreaDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let area = app.storage.create_area(admin.actor(), checked(&draft)?).await?;
    Ok((StatusCode::CREATED, tagged(area.version, area)))
}
