//! `PUT /api/admin/kiosks/{id}`: a kiosk as it is to be from now on.

use super::checked;
use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::device::{KioskDraft, KioskRecord};
use millrace_protocol::{KioskId, Problem};

/// Changes a kiosk. Its station is a preset, not a right.
#[utoipa::path(put, path = "/api/admin/kiosks/{id}", tag = "devices", request_body = KioskDraft,
    params(
        ("id" = KioskId, Path, description = "The kiosk."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = KioskRecord),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<KioskId>,
    IfMatch(version): IfMatch,
    Body(draft): Body<KioskDraft>,
) -> Result<impl IntoResponse, ApiError> {
    let changed = app.storage.change_kiosk(admin.actor(), id, version, checked(draft)?).await?;
    Ok(tagged(changed.version, changed))
}
