//! `POST /api/sessions`: a worker opens a session at a station.

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
use millrace_domain::action::OfflineStart;
use millrace_protocol::Problem;
use millrace_protocol::session::{Claimed, OpenRequest};

/// Opens a session at a station, in the status `stop`, under epoch 1. Repeating it with the same instance gives the
/// same session.
///
/// With `id` and `action` it is an action that waited in the outbox of a kiosk without the server: numbered, begun when
/// it was tapped, for the worker that `X-Worker-Code` names, signed in or not. What stands in its way puts it into
/// quarantine, with all that follows in that session.
#[utoipa::path(post, path = "/api/sessions", tag = "sessions", request_body = OpenRequest,
    params(("X-Worker-Code" = String, Header, description = "The signed-in worker; with `action` the one who opened it.")),
    responses(
        (status = 201, description = "Opened; with `action` an `OpenedOffline`.", body = Claimed),
        (status = 200, description = "This instance had opened it already; or, with `action`, it lies in quarantine.", body = Claimed),
        (status = 403, description = "`STATION_NOT_ALLOWED`", body = Problem),
        (status = 409, description = "`STATION_OCCUPIED`, or `SESSION_ALREADY_EXISTS` with that session; `CONFLICT`: a session has this `id` already.", body = Problem),
    ))]
pub(crate) async fn open(
    State(app): State<App>,
    kiosk: Kiosk,
    body: ActionBody<OpenRequest>,
) -> Result<Response, ApiError> {
    if body.content.action.is_some() {
        let worker = offline::worker(&kiosk)?;
        let action = body.start(kiosk.identity.id, |request| {
            let (stamp, id) = offline::stamped(request.action, request.id)?;
            if stamp.instance_id != request.instance_id || stamp.epoch != 1 {
                return Err(ApiError::invalid("`action` names the claim that begins: its `instanceId`, and epoch 1."));
            }
            let (station, instance, checklist) = (request.station_id, request.instance_id, request.checklist);
            Ok((id, stamp, OfflineStart { worker, station, instance, id, checklist, handover: None }))
        })?;
        return offline::answered(&app, app.storage.start_offline(action).await?);
    }
    let caller = AtKiosk::of(kiosk, &app).await?;
    let owned = app.storage.open(caller.caller(), body.content).await?;
    Ok(answer::claimed(&app, owned, StatusCode::CREATED))
}
