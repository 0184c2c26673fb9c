//! `GET /api/admin/workers`: the workers, by code.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::people::WorkerRecord;
use millrace_protocol::{Page, Problem};

/// The workers by code: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/workers", tag = "people", params(ListQuery), responses(
    (status = 200, body = Page<WorkerRecord>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(State(app): State<App>, _user: Supervisor, ask: ListAsk) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.workers(asked)).await
}
