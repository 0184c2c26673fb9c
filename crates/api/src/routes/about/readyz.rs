//! `GET /readyz`: the server can take requests.

use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::health::Health;
use millrace_protocol::{Code, Problem};

/// The server can take requests: its database answers, and it is not being stopped.
#[utoipa::path(get, path = "/readyz", tag = "about", security(()), responses(
    (status = 200, body = Health),
    (status = 503, description = "The database does not answer, or the server is being stopped.", body = Problem),
))]
pub(crate) async fn readyz(State(app): State<App>) -> Result<Json<Health>, ApiError> {
    if app.shutdown.is_cancelled() {
        return Err(ApiError::new(Code::Unavailable, "The server is being stopped. Try again in a moment."));
    }
    app.storage.position().await?;
    Ok(Json(Health { status: "ok".to_owned() }))
}
