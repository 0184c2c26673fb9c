//! `DELETE /api/admin/kiosks/{id}`: a device is a kiosk no longer.

use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::{Code, KioskId, Problem};

/// Revokes a kiosk: its token is worth nothing from now on, and its streams say goodbye. Its history stays.
/// No `If-Match`: a stolen device does not wait.
///
/// A session that is open there is closed when it has not been heard for five minutes, or is taken over elsewhere.
#[utoipa::path(delete, path = "/api/admin/kiosks/{id}", tag = "devices",
    params(("id" = KioskId, Path, description = "The kiosk.")),
    responses(
        (status = 204, description = "It is revoked."),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, description = "No such kiosk, or revoked already.", body = Problem),
    ))]
pub(super) async fn revoke(
    State(app): State<App>,
    admin: Admin,
    Named(kiosk): Named<KioskId>,
) -> Result<StatusCode, ApiError> {
    if app.storage.revoke_kiosk(kiosk, &admin.actor().name).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::new(Code::NotFound, "There is no such kiosk, or it was revoked already. Look the id up again."))
    }
}
