//! `GET /api/admin/enrolment-codes`: the codes that can still be used.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::device::EnrolmentCodeRecord;
use millrace_protocol::{Page, Problem};

/// The codes that can still be used, by their end: a page, or all as CSV. The codes themselves are not among it.
#[utoipa::path(get, path = "/api/admin/enrolment-codes", tag = "devices", params(ListQuery), responses(
    (status = 200, body = Page<EnrolmentCodeRecord>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(State(app): State<App>, _user: Supervisor, ask: ListAsk) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.enrolment_codes(asked)).await
}
