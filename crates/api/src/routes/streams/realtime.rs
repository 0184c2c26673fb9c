//! `GET /api/realtime/stream`: changed rows as they are, for who subscribes to tables.

use super::reader::answer;
use crate::error::ApiError;
use crate::query::Asked;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicName};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use millrace_protocol::Problem;
use millrace_protocol::stream::RealtimeInitial;
use utoipa::IntoParams;

/// For the description; the query itself may name a key several times.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub(crate) struct Which {
    /// `TABLE:EVENT[:COLUMN=eq.VALUE]`, repeatable. Tables: sessions, status_events, reports, jobs, job_items, stations.
    /// Events: INSERT, UPDATE, DELETE, *.
    subscribe: Vec<String>,
}

/// Changed rows: `initial` without rows, then `change` for each row that a subscription wants, before or after the
/// change. Supervisors see all rows, a kiosk those of its own session.
#[utoipa::path(get, path = "/api/realtime/stream", tag = "streams", params(StreamQuery, Which), responses(
    (status = 200, description = "The stream; with `?snapshot=1` the data of `initial`, once.", content(
        (RealtimeInitial = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
))]
pub(crate) async fn realtime(
    State(app): State<App>,
    parts: Parts,
    query: Result<Asked<Vec<(String, String)>>, ApiError>,
    ask: Ask,
) -> Result<Response, ApiError> {
    answer(&app, parts, ask, || TopicName::realtime(&query?.0).map_err(ApiError::invalid)).await
}
