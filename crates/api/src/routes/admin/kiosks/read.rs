//! `GET /api/admin/kiosks/{id}`: one kiosk.

use super::missing;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::device::KioskRecord;
use millrace_protocol::{KioskId, Problem};

/// One kiosk, with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/kiosks/{id}", tag = "devices",
    params(("id" = KioskId, Path, description = "The kiosk.")),
    responses(
        (status = 200, body = KioskRecord),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<KioskId>,
) -> Result<impl IntoResponse, ApiError> {
    let found = app.storage.kiosk_record(id).await?.ok_or_else(missing)?;
    Ok(tagged(found.version, found))
}
