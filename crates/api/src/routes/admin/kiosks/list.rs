//! `GET /api/admin/kiosks`: the kiosks, by name.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::device::KioskRecord;
use millrace_protocol::{Page, Problem};

/// The kiosks by name: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/kiosks", tag = "devices", params(ListQuery), responses(
    (status = 200, body = Page<KioskRecord>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(State(app): State<App>, _user: Supervisor, ask: ListAsk) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.kiosks(asked)).await
}
