//! A kiosk, by its token: enough for heartbeats, worker actions and the kiosk's own stream.

use super::cookie::Jar;
use super::credential;
use crate::error::ApiError;
use crate::secret::token_hash;
use crate::state::App;
use axum::extract::FromRequestParts;
use http::request::Parts;
use millrace_domain::storage::KioskIdentity;

/// The calling kiosk, and the worker's code where it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Kiosk {
    pub(crate) identity: KioskIdentity,
    pub(crate) worker_code: Option<String>,
}

impl FromRequestParts<App> for Kiosk {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token = credential::token(parts, Jar::Kiosk, app.settings.secure_cookies)?;
        let identity = app.storage.kiosk(token_hash(token)).await?.ok_or_else(|| {
            ApiError::unauthenticated("This kiosk is not known here, or was revoked. Enrol it again.")
        })?;
        let worker_code =
            parts.headers.get("x-worker-code").and_then(|code| code.to_str().ok()).map(|code| code.trim().to_owned());
        Ok(Self { identity, worker_code })
    }
}
