//! `GET /api/admin/presets/{id}`: one preset.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::planning::Preset;
use millrace_protocol::{PresetId, Problem};

/// One preset, with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/presets/{id}", tag = "jobs",
    params(
        ("id" = PresetId, Path, description = "The preset."),
    ),
    responses(
        (status = 200, body = Preset),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<PresetId>,
) -> Result<impl IntoResponse, ApiError> {
    let preset = app.storage.preset(id).await?.ok_or_else(missing)?;
    Ok(tagged(preset.version, preset))
}
