//! `GET /api/kiosk/stream`: what a kiosk has to know at once.

use super::reader::answer;
use crate::error::ApiError;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicName};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use millrace_protocol::Problem;
use millrace_protocol::stream::KioskInitial;

/// What the calling kiosk has to know: `initial` with its session, its messages and how it is set up; then
/// `session_transferred`, `session_closed`, `session_update`, `message`, `config`, and a named `heartbeat`.
///
/// `session_update` is its session as it is after a change: told when the server or a supervisor changed it ("still
/// working?", a correction, its return), and after the kiosk's own actions, too. Merge it by `version`. Who missed an
/// event learns it from `initial`.
#[utoipa::path(get, path = "/api/kiosk/stream", tag = "streams", params(StreamQuery), responses(
    (status = 200, description = "The stream; with `?snapshot=1` the data of `initial`, once.", content(
        (KioskInitial = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 401, body = Problem),
))]
pub(crate) async fn kiosk(State(app): State<App>, parts: Parts, ask: Ask) -> Result<Response, ApiError> {
    answer(&app, parts, ask, || Ok(TopicName::Kiosk)).await
}
