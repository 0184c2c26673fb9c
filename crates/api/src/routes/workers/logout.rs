//! `POST /api/workers/logout`: whoever is signed in at a kiosk leaves it.

use crate::auth::kiosk::Kiosk;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::State;
use http::StatusCode;
use millrace_protocol::Problem;

/// Signs out whoever is signed in on the calling kiosk. A session that is open there goes on.
#[utoipa::path(post, path = "/api/workers/logout", tag = "workers", responses(
    (status = 204, description = "Nobody is signed in any more."),
    (status = 401, body = Problem),
))]
pub(crate) async fn logout(State(app): State<App>, kiosk: Kiosk) -> Result<StatusCode, ApiError> {
    app.storage.sign_out(kiosk.identity.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
