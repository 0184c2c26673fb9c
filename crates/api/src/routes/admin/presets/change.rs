//! `PUT /api/admin/presets/{id}`: a preset as it is to be from now on.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::planning::{Preset, PresetDraft};
use millrace_protocol::{PresetId, Problem};

/// Changes a preset. Items that were made from it stay as they are.
#[utoipa::path(put, path = "/api/admin/presets/{id}", tag = "jobs", request_body = PresetDraft,
    params(
        ("id" = PresetId, Path, description = "The preset."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = Preset),
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
    user: Supervisor,
    Named(id): Named<PresetId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<PresetDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let preset = app.storage.change_preset(user.actor(), id, version, draft).await?;
    Ok(tagged(preset.version, preset))
}
