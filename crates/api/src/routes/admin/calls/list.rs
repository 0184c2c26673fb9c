//! `GET /api/admin/calls`: calls to the supervisor, the newest first.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::query::Asked;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::floor::{Call, CallState};
use millrace_protocol::{Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which calls.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// In this state.
    #[param(inline)]
    state: Option<CallState>,
}

/// The calls to the supervisor, the newest first: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/calls", tag = "calls", params(ListQuery, Which), responses(
    (status = 200, body = Page<Call>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    _user: Supervisor,
    ask: ListAsk,
    Asked(which): Asked<Which>,
) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.calls(asked, which.state)).await
}
