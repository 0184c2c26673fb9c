//! `GET /api/admin/quarantine`: what waits for a decision, the newest first.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::query::Asked;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_domain::storage::QuarantineFilter;
use millrace_protocol::floor::QuarantineEntry;
use millrace_protocol::{Page, Problem, SessionId};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Of this session.
    session: Option<SessionId>,
    /// `true`: those that were decided, instead of those that wait.
    decided: Option<bool>,
}

/// The actions that could not be applied and wait for a decision, the newest first: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/quarantine", tag = "quarantine", params(ListQuery, Which), responses(
    (status = 200, body = Page<QuarantineEntry>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    _user: Supervisor,
    ask: ListAsk,
    Asked(which): Asked<Which>,
) -> Result<Response, ApiError> {
    let filter = QuarantineFilter { session: which.session, decided: which.decided == Some(true) };
    answer(ask, |asked| app.storage.quarantined(asked, filter)).await
}
