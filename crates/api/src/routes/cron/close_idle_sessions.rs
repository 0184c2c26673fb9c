//! `POST /api/cron/close-idle-sessions`: the idle sweep, on demand.

use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use millrace_protocol::Problem;
use millrace_protocol::session::SweepAnswer;

/// Closes the sessions without contact for five minutes. The server does it by itself, with no page open.
#[utoipa::path(post, path = "/api/cron/close-idle-sessions", tag = "cron", responses(
    (status = 200, body = SweepAnswer),
    (status = 401, body = Problem),
))]
pub(crate) async fn close_idle_sessions(
    State(app): State<App>,
    _supervisor: Supervisor,
) -> Result<Json<SweepAnswer>, ApiError> {
    Ok(Json(app.watch.look().await?))
}
