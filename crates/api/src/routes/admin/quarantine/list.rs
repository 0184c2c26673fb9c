//! `GET /api/admin/quarantine`: what waits for a decision, the newest first.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::floor::QuarantineEntry;
use millrace_protocol::{Page, Problem};

/// The actions that could not be applied and wait for a decision, the newest first: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/quarantine", tag = "quarantine", params(ListQuery), responses(
    (status = 200, body = Page<QuarantineEntry>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(State(app): State<App>, _user: Supervisor, ask: ListAsk) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.quarantined(asked)).await
}
