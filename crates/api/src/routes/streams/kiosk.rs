//! `GET /api/kiosk/stream`: what a kiosk has to know at once.

use crate::auth::kiosk::Kiosk;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicKey};
use axum::extract::State;
use axum::response::Response;
use millrace_domain::change::Holder;
use millrace_protocol::Problem;
use millrace_protocol::stream::KioskInitial;

/// The calling kiosk's own session: `initial`, then `session_transferred` and `session_closed`.
#[utoipa::path(get, path = "/api/kiosk/stream", tag = "streams", params(StreamQuery), responses(
    (status = 200, description = "The stream; with `?snapshot=1` the data of `initial`, once.", content(
        (KioskInitial = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 401, body = Problem),
))]
pub(crate) async fn kiosk(State(app): State<App>, kiosk: Kiosk, ask: Ask) -> Response {
    let id = kiosk.identity.id;
    app.hub.respond(TopicKey::Kiosk(id), ask.under([Holder::Kiosk(id)], None)).await
}
