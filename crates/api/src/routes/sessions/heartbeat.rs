//! `POST /api/sessions/heartbeat`: the owner of a session is heard.

use crate::auth::kiosk::Shown;
use crate::body::Body;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::session::ownership::unknown_kiosk;
use millrace_protocol::Problem;
use millrace_protocol::session::{HeartbeatAnswer, HeartbeatRequest, Lease};

/// Renews the lease of the owner. Makes no event on any stream, unless contact had been gone.
///
/// The body may come as `text/plain`, as `sendBeacon` sends it. `closing: true` gives contact up at once and
/// prolongs nothing.
#[utoipa::path(post, path = "/api/sessions/heartbeat", tag = "sessions", request_body = HeartbeatRequest,
    responses(
        (status = 200, body = HeartbeatAnswer),
        (status = 404, description = "`SESSION_NOT_FOUND`", body = Problem),
        (status = 409, description = "`INSTANCE_MISMATCH` with the `owner`: kiosk, epoch and since when.", body = Problem),
        (status = 410, description = "`SESSION_NOT_ACTIVE` with `reason`, `provisional` and `endedAt`, and to its own kiosk with `by` and `note` of the supervisor who closed it.", body = Problem),
    ))]
pub(crate) async fn heartbeat(
    State(app): State<App>,
    shown: Shown,
    body: Result<Body<HeartbeatRequest>, ApiError>,
) -> Result<Json<HeartbeatAnswer>, ApiError> {
    let request = match body {
        Ok(Body(request)) => request,
        // What can't be read reaches no lease, and so nobody who would know the kiosk: a stranger is told that first.
        Err(unread) => {
            app.storage.kiosk(shown.token).await?.ok_or_else(unknown_kiosk)?;
            return Err(unread);
        }
    };
    let heard = app.storage.heartbeat(shown.token, shown.worker_code, request).await?;
    Ok(Json(HeartbeatAnswer {
        ok: true,
        epoch: heard.epoch,
        lease: Lease { next_ms: heard.next_ms, ..app.lease() },
        server_time: heard.now,
        last_seq: heard.last_seq,
    }))
}
