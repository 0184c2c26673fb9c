//! `POST /api/sessions/handover`: the next worker takes the machine over.

use super::offline;
use crate::answer;
use crate::auth::at_kiosk::AtKiosk;
use crate::auth::kiosk::Kiosk;
use crate::body::ActionBody;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use millrace_domain::action::{HandoverCount, OfflineStart};
use millrace_protocol::Problem;
use millrace_protocol::session::{Claimed, HandoverRequest};

/// Ends the session that runs on the calling kiosk and opens the signed-in worker's, in the same status.
///
/// With `id` and `action` it is an action that waited in the outbox of a kiosk without the server: `action` names the
/// claim on the session that ends, `instanceId` and `id` the one that opens, as for an opening without the server.
#[utoipa::path(post, path = "/api/sessions/handover", tag = "sessions", request_body = HandoverRequest,
    params(("X-Worker-Code" = String, Header, description = "The worker who takes over, signed in; with `action` he need not be.")),
    responses(
        (status = 201, description = "Handed over; with `action` an `OpenedOffline`.", body = Claimed),
        (status = 200, description = "This instance had taken over already.", body = Claimed),
        (status = 409, description = "`INSTANCE_MISMATCH`: the session runs on another kiosk; or `SESSION_ALREADY_EXISTS`; `CONFLICT`: a session has this `id` already.", body = Problem),
        (status = 422, description = "`INVALID_QUANTITIES`: running production is neither counted nor said to be unknown.", body = Problem),
        (status = 410, description = "`SESSION_NOT_ACTIVE`", body = Problem),
    ))]
pub(crate) async fn handover(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<HandoverRequest>,
) -> Result<Response, ApiError> {
    if body.content.action.is_some() {
        let worker = offline::worker(&kiosk)?;
        let action = body.start(kiosk.identity.id, |request| {
            let (stamp, id) = offline::stamped(request.action, request.id)?;
            let count =
                HandoverCount { quantities: request.quantities, unknown: request.quantities_unknown == Some(true) };
            let (station, instance, checklist) = (request.station_id, request.instance_id, request.checklist);
            let start = OfflineStart { worker, station, instance, id, checklist, handover: Some(count) };
            Ok((request.session_id, stamp, start))
        })?;
        return offline::answered(&app, app.storage.start_offline(action).await?);
    }
    let caller = AtKiosk::of(kiosk, &app).await?;
    let owned = app.storage.hand_over(caller.caller(), body.content).await?;
    Ok(answer::claimed(&app, owned, StatusCode::CREATED))
}
