//! `GET /api/admin/status-definitions`: the statuses.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::catalogue::ManagedStatus;
use millrace_protocol::{Page, Problem};

/// The statuses in the order of the plant, those of every station first: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/status-definitions", tag = "plant", params(ListQuery), responses(
    (status = 200, body = Page<ManagedStatus>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(State(app): State<App>, _user: Supervisor, ask: ListAsk) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.status_definitions(asked)).await
}
