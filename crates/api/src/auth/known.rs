//! Anybody who is known here: a kiosk or a user. For what is no secret, but nobody else's business either.

use super::kiosk::Kiosk;
use super::supervisor::Supervisor;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::FromRequestParts;
use http::request::Parts;

/// A kiosk or a user.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known;

impl FromRequestParts<App> for Known {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        if Kiosk::from_request_parts(parts, app).await.is_ok() {
            return Ok(Self);
        }
        Supervisor::from_request_parts(parts, app).await.map(|_| Self)
    }
}
