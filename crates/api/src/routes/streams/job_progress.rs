//! `GET /api/admin/dashboard/job-progress/stream`: jobs in work, live.

use super::reader::answer;
use crate::error::ApiError;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicName};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use millrace_protocol::Problem;
use millrace_protocol::stream::JobProgressInitial;

/// Jobs in work with their items, steps, and what waits before each step: `initial`, then `update` (also for a job that
/// is new here) and `delete`.
#[utoipa::path(get, path = "/api/admin/dashboard/job-progress/stream", tag = "streams", params(StreamQuery), responses(
    (status = 200, description = "The stream; with `?snapshot=1` the data of `initial`, once.", content(
        (JobProgressInitial = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 401, body = Problem),
))]
pub(crate) async fn job_progress(State(app): State<App>, parts: Parts, ask: Ask) -> Result<Response, ApiError> {
    answer(&app, parts, ask, || Ok(TopicName::JobProgress)).await
}
