//! `GET /api/admin/dashboard/active-sessions/stream`: every open session, live.

use crate::auth::supervisor::Supervisor;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicKey};
use axum::extract::State;
use axum::response::Response;
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
pub(crate) async fn active_sessions(State(app): State<App>, supervisor: Supervisor, ask: Ask) -> Response {
    let ask = ask.under(supervisor.holders(), Some(supervisor.0.expires_at));
    app.hub.respond(TopicKey::ActiveSessions, ask).await
}
