//! `GET /api/admin/reports`: the reports, the newest first.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::query::Asked;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_domain::storage::ReportFilter;
use millrace_protocol::report::{Report, ReportKind, ReportState};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{Page, Problem, StationId};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Of this type.
    #[serde(rename = "type")]
    #[param(inline)]
    kind: Option<ReportKind>,
    /// In this state.
    #[param(inline)]
    state: Option<ReportState>,
    /// `true`: those that nobody has closed, whatever their age; `false`: only the others.
    open: Option<bool>,
    /// From this station.
    station: Option<StationId>,
    /// Made at this moment or later.
    from: Option<Timestamp>,
    /// Made before this moment.
    to: Option<Timestamp>,
}

/// The reports, the newest first: a page, or all as CSV. None drops out by its age, unless `from` says so.
#[utoipa::path(get, path = "/api/admin/reports", tag = "reports", params(ListQuery, Which), responses(
    (status = 200, body = Page<Report>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    _user: Supervisor,
    ask: ListAsk,
    Asked(which): Asked<Which>,
) -> Result<Response, ApiError> {
    let Which { kind, state, open, station, from, to } = which;
    let filter = ReportFilter { kind, state, open, station, from, to };
    answer(ask, |asked| app.storage.reports(asked, filter.clone())).await
}
