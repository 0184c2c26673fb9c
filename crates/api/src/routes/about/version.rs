//! `GET /api/version`: which program answers, and which protocol it speaks.

use crate::auth::known::Known;
use axum::Json;
use millrace_protocol::Problem;
use millrace_protocol::health::{PROTOCOL, Version};

/// Which program answers, and which protocol it speaks.
#[utoipa::path(get, path = "/api/version", tag = "about", responses(
    (status = 200, body = Version),
    (status = 401, body = Problem),
))]
pub(crate) async fn version(_known: Known) -> Json<Version> {
    Json(Version {
        name: "millrace-server".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: PROTOCOL,
    })
}
