//! `POST /api/admin/reports/{id}/state`: a report is known, solved, approved, or open again.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::if_match::{IfMatch, tagged};
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_domain::status::note_if_any;
use millrace_protocol::desk::{ReportRecord, ReportStateRequest};
use millrace_protocol::{Problem, ReportId};

/// Moves a report to another state. A malfunction: open, known, solved, and from solved to open again; the others: new,
/// approved.
#[utoipa::path(post, path = "/api/admin/reports/{id}/state", tag = "reports", request_body = ReportStateRequest,
    params(
        ("id" = ReportId, Path, description = "The report."),
        ("If-Match" = String, Header, description = "The version that is changed, as its `ETag` says."),
    ),
    responses(
        (status = 200, body = ReportRecord),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`INVALID_STATUS_TRANSITION`: no way leads there from its state.", body = Problem),
        (status = 412, description = "It was changed meanwhile.", body = Problem),
        (status = 428, description = "Without `If-Match`.", body = Problem),
    ))]
pub(super) async fn state(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<ReportId>,
    IfMatch(version): IfMatch,
    Body(request): Body<ReportStateRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let note = note_if_any(request.note.as_deref())?;
    let record = app.storage.move_report(user.actor(), id, version, request.state, note).await?;
    Ok(tagged(record.report.version, record))
}
