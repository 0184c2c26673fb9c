//! `POST /api/admin/presets`: a preset more.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::StatusCode;
use millrace_protocol::Problem;
use millrace_protocol::planning::{Preset, PresetDraft};

/// Makes a template for the steps of items.
#[utoipa::path(post, path = "/api/admin/presets", tag = "jobs", request_body = PresetDraft,
    responses(
        (status = 201, body = Preset),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, description = "The name is taken.", body = Problem),
    ))]
pub(super) async fn create(
    State(app): State<App>,
    user: Supervisor,
    Body(draft): Body<PresetDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let preset = app.storage.create_preset(user.actor(), draft).await?;
    Ok((StatusCode::CREATED, tagged(preset.version, preset)))
}
