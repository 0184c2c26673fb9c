//! `POST /api/admin/amendments`: history is put right.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::Problem;
use millrace_protocol::amendment::{Amended, AmendmentDraft};

/// Puts something right: a count, the item, status, reason or boundary of a stretch, the worker, start or end of an ended
/// session, a report. What was so, what is so now, who said it and why are kept.
#[utoipa::path(post, path = "/api/admin/amendments", tag = "amendments", request_body = AmendmentDraft, responses(
    (status = 201, body = Amended),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, description = "Over seven days old: an administrator has to.", body = Problem),
    (status = 404, body = Problem),
    (status = 409, description = "`INVALID_STATUS_TRANSITION`: the detail says what stands against it.", body = Problem),
    (status = 422, description = "`INVALID_QUANTITIES`, `STEP_NOT_ALLOWED`, `JOB_ITEM_REQUIRED`, `STATUS_NOT_ALLOWED`, `REASON_REQUIRED` or `REPORT_REQUIRED`", body = Problem),
))]
pub(super) async fn create(
    State(app): State<App>,
    user: Supervisor,
    Body(draft): Body<AmendmentDraft>,
) -> Result<(StatusCode, Json<Amended>), ApiError> {
    let amended = app.storage.amend(user.actor(), draft).await?;
    Ok((StatusCode::CREATED, Json(amended)))
}
