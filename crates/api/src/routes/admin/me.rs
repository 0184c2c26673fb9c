//! `GET /api/admin/me`: who is logged in.

use crate::auth::supervisor::Supervisor;
use axum::Json;
use millrace_protocol::Problem;
use millrace_protocol::access::UserSelf;

/// Who is logged in, and until when.
#[utoipa::path(get, path = "/api/admin/me", tag = "admin", responses(
    (status = 200, body = UserSelf),
    (status = 401, body = Problem),
))]
pub(crate) async fn me(Supervisor(login): Supervisor) -> Json<UserSelf> {
    Json(UserSelf { user: login.user, expires_at: login.expires_at })
}
