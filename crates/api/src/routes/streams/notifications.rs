//! `GET /api/admin/notifications/stream`: what a supervisor has yet to acknowledge, live.

use super::reader::answer;
use crate::error::ApiError;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicName};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use millrace_protocol::Problem;
use millrace_protocol::stream::NotificationsInitial;

/// Malfunctions and calls that nobody has looked at, approvals that are pending, actions in quarantine, sessions that
/// nobody counted: `initial`, then `insert`, `update`, `delete`. Merge by `id`.
#[utoipa::path(get, path = "/api/admin/notifications/stream", tag = "streams", params(StreamQuery), responses(
    (status = 200, description = "The stream; with `?snapshot=1` the data of `initial`, once.", content(
        (NotificationsInitial = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 401, body = Problem),
))]
pub(crate) async fn notifications(State(app): State<App>, parts: Parts, ask: Ask) -> Result<Response, ApiError> {
    answer(&app, parts, ask, || Ok(TopicName::Notifications)).await
}
