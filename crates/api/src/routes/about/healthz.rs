//! `GET /healthz`: the process lives.

use axum::Json;
use millrace_protocol::health::Health;

/// The process lives.
#[utoipa::path(get, path = "/healthz", tag = "about", security(()), responses((status = 200, body = Health)))]
pub(crate) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok".to_owned() })
}
