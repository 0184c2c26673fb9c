//! `GET /api/admin/reports/stream`: reports, live.

use super::reader::answer;
use crate::error::ApiError;
use crate::query::Asked;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicName};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use millrace_protocol::Problem;
use millrace_protocol::report::ReportKind;
use millrace_protocol::stream::ReportsInitial;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Of one type; all where it is left out.
    #[serde(rename = "type")]
    kind: Option<ReportKind>,
}

/// All reports that are not closed and those that changed in the last 30 days, the newest first: `initial`, then
/// `insert` and `update`.
#[utoipa::path(get, path = "/api/admin/reports/stream", tag = "streams", params(StreamQuery, Which), responses(
    (status = 200, description = "The stream; with `?snapshot=1` the data of `initial`, once.", content(
        (ReportsInitial = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(crate) async fn reports(
    State(app): State<App>,
    parts: Parts,
    which: Result<Asked<Which>, ApiError>,
    ask: Ask,
) -> Result<Response, ApiError> {
    answer(&app, parts, ask, || Ok(TopicName::Reports(which?.0.kind))).await
}
