//! `GET /api/workers/active-session`: the session that can be resumed.

use crate::auth::at_kiosk::AtKiosk;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::worker::ActiveSession;

/// The session the signed-in worker can resume here, and until when it stays open without contact.
#[utoipa::path(get, path = "/api/workers/active-session", tag = "workers",
    params(("X-Worker-Code" = String, Header, description = "The signed-in worker.")),
    responses((status = 200, body = ActiveSession), (status = 401, body = Problem)))]
pub(crate) async fn active_session(State(app): State<App>, caller: AtKiosk) -> Result<Json<ActiveSession>, ApiError> {
    let active_session = app.storage.resumable(caller.caller()).await?;
    let provisional_session = match active_session {
        Some(_) => None,
        None => app.storage.provisional(caller.worker.id).await?,
    };
    Ok(Json(ActiveSession { active_session, provisional_session }))
}
