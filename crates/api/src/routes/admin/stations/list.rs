//! `GET /api/admin/stations`: the stations.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::query::Asked;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::station::Station;
use millrace_protocol::{Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which ones.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those that are in use (`true`), or are not (`false`); all of them where it is absent.
    active: Option<bool>,
}

/// The stations by code, with who is there: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/stations", tag = "plant", params(ListQuery, Wanted), responses(
    (status = 200, body = Page<Station>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    _user: Supervisor,
    ask: ListAsk,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.all_stations(asked, wanted.active)).await
}
