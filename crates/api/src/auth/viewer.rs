//! A user or a kiosk, where both may read and a kiosk gets only what is its own.

use super::kiosk::Kiosk;
use super::supervisor::Supervisor;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::FromRequestParts;
use http::request::Parts;
use millrace_protocol::KioskId;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// A user: he sees all.
    User,
    /// A kiosk.
    Kiosk(KioskId),
}

impl Viewer {
    /// The kiosk whose own things are to be read, unless all may be.
    pub(crate) fn only(self) -> Option<KioskId> {
        match self {
            Self::User => None,
            Self::Kiosk(kiosk) => Some(kiosk),
        }
    }
}

impl FromRequestParts<App> for Viewer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        if Supervisor::from_request_parts(parts, app).await.is_ok() {
            return Ok(Self::User);
        }
        Kiosk::from_request_parts(parts, app).await.map(|kiosk| Self::Kiosk(kiosk.identity.id))
    }
}
