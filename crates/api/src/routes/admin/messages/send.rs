//! `POST /api/admin/kiosks/{id}/messages`: a message to a kiosk.

use crate::auth::supervisor::Supervisor;
use crate::body::Body;
use crate::error::ApiError;
use crate::query::Named;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use millrace_domain::message;
use millrace_protocol::desk::MessageDraft;
use millrace_protocol::floor::Message;
use millrace_protocol::{KioskId, Problem};

/// Sends a message to a kiosk. It says when it showed the message, and when somebody there confirmed it.
#[utoipa::path(post, path = "/api/admin/kiosks/{id}/messages", tag = "messages", request_body = MessageDraft,
    params(("id" = KioskId, Path, description = "The kiosk.")),
    responses(
        (status = 201, body = Message),
        (status = 400, description = "No text, or one that is too long.", body = Problem),
        (status = 401, body = Problem),
        (status = 404, description = "No kiosk, or one that was revoked.", body = Problem),
    ))]
pub(super) async fn send(
    State(app): State<App>,
    user: Supervisor,
    Named(id): Named<KioskId>,
    Body(draft): Body<MessageDraft>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    let sent = app.storage.send_message(user.actor(), id, message::text(&draft.text)?).await?;
    Ok((StatusCode::CREATED, Json(sent)))
}
