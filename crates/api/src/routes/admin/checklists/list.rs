//! `GET /api/admin/checklists`: the checklists.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::checklist::Checklist;
use millrace_protocol::{Page, Problem};

/// The checklists by name: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/checklists", tag = "plant", params(ListQuery), responses(
    (status = 200, body = Page<Checklist>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(State(app): State<App>, _user: Supervisor, ask: ListAsk) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.checklists(asked)).await
}
