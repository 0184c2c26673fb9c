//! `GET /api/admin/sessions`: the sessions there were.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::query::Asked;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_domain::storage::SessionFilter;
use millrace_protocol::session::{Session, SessionStatus};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{Page, Problem, StationId, WorkerId};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which sessions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Begun then or later.
    from: Option<Timestamp>,
    /// Begun before.
    to: Option<Timestamp>,
    /// At this station.
    station: Option<StationId>,
    /// Of this worker.
    worker: Option<WorkerId>,
    /// Open, or ended so.
    #[param(inline)]
    status: Option<SessionStatus>,
}

/// Sessions, the newest first: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/sessions", tag = "history", params(ListQuery, Which), responses(
    (status = 200, body = Page<Session>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    _user: Supervisor,
    ask: ListAsk,
    Asked(which): Asked<Which>,
) -> Result<Response, ApiError> {
    let Which { from, to, station, worker, status } = which;
    let filter = SessionFilter { from, to, station, worker, status };
    answer(ask, |asked| app.storage.sessions(asked, filter.clone())).await
}
