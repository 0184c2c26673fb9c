//! `POST /api/admin/enrolment-codes`: a code that makes a device a kiosk.

use crate::auth::supervisor::Supervisor;
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
#[utoipa::path(post, path = "/api/admin/enrolment-codes", tag = "admin", request_body = EnrolmentCodeRequest, responses(
    (status = 201, body = EnrolmentCode),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, description = "There is no such station in use.", body = Problem),
))]
pub(crate) async fn create_enrolment_code(
    State(app): State<App>,
    _supervisor: Supervisor,
    Body(request): Body<EnrolmentCodeRequest>,
) -> Result<(StatusCode, Json<EnrolmentCode>), ApiError> {
    let code = enrolment_code(&*app.chance);
    let expires_at = app.storage.create_enrolment(Enrolment::new(code_hash(&code), request)?).await?;
    Ok((StatusCode::CREATED, Json(EnrolmentCode { code, expires_at })))
}
