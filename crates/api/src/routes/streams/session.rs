//! `GET /api/admin/dashboard/session/{id}/stream`: one session with its history, live.

use super::reader::answer;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicName};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use millrace_protocol::stream::SessionDetailInitial;
use millrace_protocol::{Problem, SessionId};

/// A session, open or ended, with its stretches and its reports: `initial`, then `session_update`, `status_event` (made,
/// closed or amended) and `report`. Merge stretches and reports by id.
#[utoipa::path(get, path = "/api/admin/dashboard/session/{id}/stream", tag = "streams",
    params(StreamQuery, ("id" = SessionId, Path, description = "The session.")), responses(
    (status = 200, description = "The stream; with `?snapshot=1` the data of `initial`, once.", content(
        (SessionDetailInitial = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 401, body = Problem),
    (status = 404, body = Problem),
))]
pub(crate) async fn session(
    State(app): State<App>,
    parts: Parts,
    id: Result<Named<SessionId>, ApiError>,
    ask: Ask,
) -> Result<Response, ApiError> {
    answer(&app, parts, ask, || Ok(TopicName::Session(id?.0))).await
}
