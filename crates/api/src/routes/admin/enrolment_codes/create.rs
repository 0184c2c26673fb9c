//! `POST /api/admin/enrolment-codes`: a code that makes a device a kiosk.

use crate::auth::admin::Admin;
use crate::body::Body;
use crate::error::ApiError;
use crate::secret::{code_hash, enrolment_code};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use millrace_domain::storage::Enrolment;
use millrace_protocol::Problem;
use millrace_protocol::access::{EnrolmentCode, EnrolmentCodeRequest};

/// Makes a one-time enrolment code for a kiosk of this name.
#[utoipa::path(post, path = "/api/admin/enrolment-codes", tag = "devices", request_body = EnrolmentCodeRequest, responses(
    (status = 201, body = EnrolmentCode),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, description = "Not an administrator, or there is no such station in use.", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    admin: Admin,
    Body(request): Body<EnrolmentCodeRequest>,
) -> Result<(StatusCode, Json<EnrolmentCode>), ApiError> {
    let code = enrolment_code(&*app.chance);
    let enrolment = Enrolment::new(code_hash(&code), request, &admin.actor().name)?;
    let (id, expires_at) = app.storage.create_enrolment(enrolment).await?;
    Ok((StatusCode::CREATED, Json(EnrolmentCode { id, code, expires_at })))
}
