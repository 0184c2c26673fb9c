//! `GET /api/admin/dashboard/active-sessions/stream`: every open session, live.

use super::reader::answer;
use crate::error::ApiError;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicName};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use millrace_protocol::Problem;
use millrace_protocol::stream::ActiveSessionsInitial;

/// Every open session: `initial`, then `insert`, `update`, `delete`, and a named `heartbeat` about every 15 s.
///
/// Resume with the header `Last-Event-ID`. A heartbeat of a kiosk makes no event; a change of contact does.
#[utoipa::path(get, path = "/api/admin/dashboard/active-sessions/stream", tag = "streams", params(StreamQuery), responses(
    (status = 200, description = "The stream; with `?snapshot=1` the data of `initial`, once.", content(
        (ActiveSessionsInitial = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 401, body = Problem),
))]
pub(crate) async fn active_sessions(State(app): State<App>, parts: Parts, ask: Ask) -> Result<Response, ApiError> {
    answer(&app, parts, ask, || Ok(TopicName::ActiveSessions)).await
}
