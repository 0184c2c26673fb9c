//! `POST /api/workers/login`: a worker signs in at a kiosk.

use crate::auth::kiosk::Kiosk;
use crate::body::Body;
use crate::error::ApiError;
use crate::secret::{PINS, token_hash, verify_aside};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_domain::storage::Caller;
use millrace_protocol::Problem;
use millrace_protocol::worker::{Worker, WorkerLogin, WorkerSignedIn};

/// Signs a worker in on the calling kiosk, in place of whoever was; offers the session he may resume.
///
/// Ends at logout, with the next worker's sign-in there, or after 10 min untouched with no session open.
#[utoipa::path(post, path = "/api/workers/login", tag = "workers", request_body = WorkerLogin, responses(
    (status = 200, body = WorkerSignedIn),
    (status = 400, body = Problem),
    (status = 401, description = "Unknown code, badge not valid or wrong PIN: the answer is the same.", body = Problem),
    (status = 429, body = Problem),
))]
pub(crate) async fn login(
    State(app): State<App>,
    kiosk: Kiosk,
    Body(request): Body<WorkerLogin>,
) -> Result<Json<WorkerSignedIn>, ApiError> {
    let known = find(&app, &request).await?;
    // Guesses count by worker, however he is named; what names nobody counts by itself.
    let named = request.worker_code.as_deref().or(request.badge.as_deref()).unwrap_or_default().trim();
    let who = known.as_ref().map_or_else(|| named.to_owned(), |(worker, _)| worker.id.to_string());
    let pin = request.pin.unwrap_or_default();
    let judge = async {
        let right = match &known {
            // Policy gave this worker no PIN: the code alone signs him in.
            Some((_, None)) => true,
            Some((_, hash)) => verify_aside(&PINS, pin, hash.clone()).await,
            None => verify_aside(&PINS, pin, None).await,
        };
        Ok(known.filter(|_| right))
    };
    let subject = format!("worker {who} at {}", kiosk.identity.id);
    let Some((worker, _)) = app.throttle.guess(&subject, &*app.clock, judge).await? else {
        return Err(ApiError::unauthenticated("Unknown worker code or badge, or wrong PIN. Try again."));
    };
    let signed_in = app.storage.sign_in(kiosk.identity.id, worker.id).await?;
    let active_session = app.storage.resumable(Caller { kiosk: kiosk.identity.id, worker: worker.id }).await?;
    let provisional_session = match active_session {
        Some(_) => None,
        None => app.storage.provisional(worker.id).await?,
    };
    Ok(Json(WorkerSignedIn {
        worker: signed_in.worker,
        active_session,
        provisional_session,
        last_seq: signed_in.last_seq,
        server_time: signed_in.now,
    }))
}

/// The worker in service that the request names, and the hash of his PIN.
async fn find(app: &App, request: &WorkerLogin) -> Result<Option<(Worker, Option<String>)>, ApiError> {
    match (&request.worker_code, &request.badge) {
        (Some(code), None) => Ok(app.storage.worker_by_code(code.trim()).await?),
        (None, Some(typed)) => {
            let typed = typed.trim();
            // A kiosk can't tell what a reader typed from what a hand did.
            match app.storage.worker_by_badge(token_hash(typed)).await? {
                None => Ok(app.storage.worker_by_code(typed).await?),
                known => Ok(known),
            }
        }
        (Some(_), Some(_)) | (None, None) => {
            Err(ApiError::invalid("Name the worker by `workerCode` or by `badge`: one of the two."))
        }
    }
}
