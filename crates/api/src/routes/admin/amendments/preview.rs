//! `POST /api/admin/amendments/preview`: what an amendment would change.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::amendment::{Amended, AmendmentDraft};

/// Says which figures an amendment would change, before and after. Nothing is written.
#[utoipa::path(post, path = "/api/admin/amendments/preview", tag = "amendments", request_body = AmendmentDraft, responses(
    (status = 200, body = Amended),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, description = "Over seven days old: an administrator has to.", body = Problem),
    (status = 404, body = Problem),
    (status = 409, description = "`INVALID_STATUS_TRANSITION`: the detail says what stands against it.", body = Problem),
    (status = 422, description = "`INVALID_QUANTITIES`, `STEP_NOT_ALLOWED`, `JOB_ITEM_REQUIRED`, `STATUS_NOT_ALLOWED`, `REASON_REQUIRED` or `REPORT_REQUIRED`", body = Problem),
))]
pub(super) async fn preview(
    State(app): State<App>,
    user: Supervisor,
    Body(draft): Body<AmendmentDraft>,
) -> Result<Json<Amended>, ApiError> {
    let amended = app.storage.preview_amendment(user.actor(), draft).await?;
    Ok(Json(amended))
}
