//! `GET /api/version`: which program answers, and which protocol it speaks.

use axum::Json;
use millrace_protocol::health::{PROTOCOL, Version};

/// Which program answers, and which protocol it speaks.
#[utoipa::path(get, path = "/api/version", tag = "about", security(()), responses((status = 200, body = Version)))]
pub(crate) async fn version() -> Json<Version> {
    Json(Version {
        name: "millrace-server".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: PROTOCOL,
    })
}
