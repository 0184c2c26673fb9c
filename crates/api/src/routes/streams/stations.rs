//! `GET /api/admin/dashboard/stations/stream`: every station, live.

use super::reader::answer;
use crate::error::ApiError;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicName};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use millrace_protocol::Problem;
use millrace_protocol::stream::StationsInitial;

/// Every station in use, with who is there, who was there last, and whether its kiosk is heard: `initial`, then
/// `insert`, `update`, `delete`.
#[utoipa::path(get, path = "/api/admin/dashboard/stations/stream", tag = "streams", params(StreamQuery), responses(
    (status = 200, description = "The stream; with `?snapshot=1` the data of `initial`, once.", content(
        (StationsInitial = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 401, body = Problem),
))]
pub(crate) async fn stations(State(app): State<App>, parts: Parts, ask: Ask) -> Result<Response, ApiError> {
    answer(&app, parts, ask, || Ok(TopicName::Stations)).await
}
