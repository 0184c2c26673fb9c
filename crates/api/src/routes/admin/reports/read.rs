//! `GET /api/admin/reports/{id}`: a report with its past.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::if_match::tagged;
use crate::query::Named;
use crate::state::App;
use axum::extract::State;
use axum::response::IntoResponse;
use millrace_protocol::desk::ReportRecord;
use millrace_protocol::{Code, Problem, ReportId};

/// A report, and who moved it to which state when; with its version as `ETag`.
#[utoipa::path(get, path = "/api/admin/reports/{id}", tag = "reports",
    params(("id" = ReportId, Path, description = "The report.")),
    responses((status = 200, body = ReportRecord), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn read(
    State(app): State<App>,
    _user: Supervisor,
    Named(id): Named<ReportId>,
) -> Result<impl IntoResponse, ApiError> {
    let missing = || ApiError::new(Code::NotFound, "There is no such report. Look the id up again.");
    let record = app.storage.report(id).await?.ok_or_else(missing)?;
    Ok(tagged(record.report.version, record))
}
