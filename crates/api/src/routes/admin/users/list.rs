//! `GET /api/admin/users`: the users, by user name.

use crate::auth::admin::Admin;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::people::UserRecord;
use millrace_protocol::{Page, Problem};

/// The users by user name: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/users", tag = "people", params(ListQuery), responses(
    (status = 200, body = Page<UserRecord>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
))]
pub(super) async fn list(State(app): State<App>, _user: Admin, ask: ListAsk) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.users(asked)).await
}
