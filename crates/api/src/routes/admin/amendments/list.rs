//! `GET /api/admin/amendments`: what was put right.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::query::Asked;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::amendment::Amendment;
use millrace_protocol::{Page, Problem, SessionId};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which amendments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(super) struct Which {
    /// Of one session, in order.
    session_id: Option<SessionId>,
}

/// What was put right: a page, or all as CSV. The newest first; of one session in order.
#[utoipa::path(get, path = "/api/admin/amendments", tag = "amendments", params(ListQuery, Which), responses(
    (status = 200, body = Page<Amendment>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    _user: Supervisor,
    ask: ListAsk,
    Asked(which): Asked<Which>,
) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.amendments(asked, which.session_id)).await
}
