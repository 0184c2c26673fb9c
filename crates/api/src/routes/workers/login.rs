//! `POST /api/workers/login`: a worker signs in at a kiosk.

use crate::auth::kiosk::Kiosk;
use crate::body::Body;
use crate::error::ApiError;
use crate::secret::{PINS, verify_aside};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::storage::Caller;
use millrace_protocol::Problem;
use millrace_protocol::worker::{WorkerLogin, WorkerSignedIn};

/// Signs a worker in on the calling kiosk, in place of whoever was; offers the session he may resume.
///
/// Ends at logout, with the next worker's sign-in there, or after 10 min untouched with no session open.
#[utoipa::path(post, path = "/api/workers/login", tag = "workers", request_body = WorkerLogin, responses(
    (status = 200, body = WorkerSignedIn),
    (status = 401, description = "Unknown code or wrong PIN: the answer is the same.", body = Problem),
    (status = 429, body = Problem),
))]
pub(crate) async fn login(
    State(app): State<App>,
    kiosk: Kiosk,
    Body(request): Body<WorkerLogin>,
) -> Result<Json<WorkerSignedIn>, ApiError> {
    let code = request.worker_code.trim();
    let judge = async {
        let known = app.storage.worker_by_code(code).await?;
        let right = match &known {
            // Policy gave this worker no PIN: the code alone signs him in.
            Some((_, None)) => true,
            Some((_, hash)) => verify_aside(&PINS, request.pin.unwrap_or_default(), hash.clone()).await,
            None => verify_aside(&PINS, request.pin.unwrap_or_default(), None).await,
        };
        Ok(known.filter(|_| right))
    };
    let subject = format!("worker {code} at {}", kiosk.identity.id);
    let Some((worker, _)) = app.throttle.guess(&subject, &*app.clock, judge).await? else {
        return Err(ApiError::unauthenticated("Unknown worker code or wrong PIN. Try again."));
    };
    let signed_in = app.storage.sign_in(kiosk.identity.id, worker.id).await?;
    let active_session = app.storage.resumable(Caller { kiosk: kiosk.identity.id, worker: worker.id }).await?;
    Ok(Json(WorkerSignedIn {
        worker: signed_in.worker,
        active_session,
        last_seq: signed_in.last_seq,
        server_time: signed_in.now,
    }))
}
