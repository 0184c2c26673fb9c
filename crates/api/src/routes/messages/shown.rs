//! `POST /api/messages/{id}/shown`: the kiosk shows a message.

use crate::auth::kiosk::Kiosk;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::floor::Message;
use millrace_protocol::{MessageId, Problem};

/// Says that the calling kiosk shows a message. The first moment is kept.
#[utoipa::path(post, path = "/api/messages/{id}/shown", tag = "messages",
    params(("id" = MessageId, Path, description = "The message.")),
    responses(
        (status = 200, body = Message),
        (status = 401, body = Problem),
        (status = 404, description = "None to this kiosk.", body = Problem),
    ))]
pub(super) async fn shown(
    State(app): State<App>,
    kiosk: Kiosk,
    Named(id): Named<MessageId>,
) -> Result<Json<Message>, ApiError> {
    Ok(Json(app.storage.message_shown(kiosk.identity.id, id).await?))
}
