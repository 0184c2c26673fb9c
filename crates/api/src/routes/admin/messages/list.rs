//! `GET /api/admin/messages`: the messages to kiosks, the newest first.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::list::{ListAsk, ListQuery, answer};
use crate::query::Asked;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use millrace_protocol::floor::Message;
use millrace_protocol::{KioskId, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// To this kiosk.
    kiosk_id: Option<KioskId>,
}

/// The messages to one kiosk or to all, the newest first, with when they were shown and confirmed: a page, or all as
/// CSV.
#[utoipa::path(get, path = "/api/admin/messages", tag = "messages", params(ListQuery, Which), responses(
    (status = 200, body = Page<Message>),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
))]
pub(super) async fn list(
    State(app): State<App>,
    _user: Supervisor,
    ask: ListAsk,
    Asked(which): Asked<Which>,
) -> Result<Response, ApiError> {
    answer(ask, |asked| app.storage.messages(asked, which.kiosk_id)).await
}
