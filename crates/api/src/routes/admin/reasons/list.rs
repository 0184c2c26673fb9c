//! `GET /api/admin/reasons`: the reasons.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::query::Asked;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::catalogue::ManagedReason;
use millrace_protocol::status::ReasonType;
use millrace_protocol::{Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which ones.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those of this type.
    #[serde(rename = "type")]
    kind: Option<ReasonType>,
}

/// The reasons by type, in the order of the plant, those of every station first: a page, or all as CSV.
#[utoipa::path(get, path = "/api/admin/reasons", tag = "plant", params(ListQuery, Wanted), responses(
    (status = 200, body = Page<ManagedReason>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    _user: Supervisor,
    ask: ListAsk,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.all_reasons(asked, wanted.kind)).await
}
