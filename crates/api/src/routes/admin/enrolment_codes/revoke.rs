//! `DELETE /api/admin/enrolment-codes/{id}`: a code makes no kiosk any more.

use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::{Code, EnrolmentCodeId, Problem};

/// Takes back a code that was not used. A device that used it is a kiosk: revoke that.
#[utoipa::path(delete, path = "/api/admin/enrolment-codes/{id}", tag = "devices",
    params(("id" = EnrolmentCodeId, Path, description = "The code's id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, description = "No such code, or used already.", body = Problem),
    ))]
pub(super) async fn revoke(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named<EnrolmentCodeId>,
) -> Result<StatusCode, ApiError> {
    if app.storage.revoke_enrolment_code(admin.actor(), id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::new(Code::NotFound, "There is no such code, or it was used already. Then revoke the kiosk it made."))
}
