//! `GET /api/sessions/pipeline/stream`: what a worker can work on and where, live.

use super::reader::answer;
use crate::error::ApiError;
use crate::query::Asked;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicName};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use millrace_protocol::stream::PipelineInitial;
use millrace_protocol::{JobId, Problem, WorkerId};
use serde::Deserialize;
use utoipa::IntoParams;

/// For whom, and of what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// The worker, who is signed in at the calling kiosk.
    worker_id: WorkerId,
    /// The job; without it, every station, for choosing one.
    job_id: Option<JobId>,
}

/// The stations of a job's steps, or all, with who is there and what waits: `initial`, then `update` with all of it.
#[utoipa::path(get, path = "/api/sessions/pipeline/stream", tag = "streams", params(StreamQuery, Which), responses(
    (status = 200, description = "The stream; with `?snapshot=1` the data of `initial`, once.", content(
        (PipelineInitial = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(crate) async fn pipeline(
    State(app): State<App>,
    parts: Parts,
    which: Result<Asked<Which>, ApiError>,
    ask: Ask,
) -> Result<Response, ApiError> {
    let name = |Asked(Which { worker_id: worker, job_id: job })| TopicName::Pipeline { worker, job };
    answer(&app, parts, ask, || which.map(name)).await
}
