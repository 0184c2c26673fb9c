//! `GET /api/messages`: what the calling kiosk has to show.

use crate::auth::kiosk::Kiosk;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::desk::MessageList;

/// The messages to the calling kiosk that nobody there has confirmed, the oldest first.
#[utoipa::path(get, path = "/api/messages", tag = "messages", responses(
    (status = 200, body = MessageList),
    (status = 401, body = Problem),
))]
pub(super) async fn list(State(app): State<App>, kiosk: Kiosk) -> Result<Json<MessageList>, ApiError> {
    Ok(Json(MessageList { messages: app.storage.unconfirmed_messages(kiosk.identity.id).await? }))
}
