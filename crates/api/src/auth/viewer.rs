//! A user or a worker at his kiosk, where both may read and a worker gets only what is his own.

use super::at_kiosk::AtKiosk;
use super::supervisor::Supervisor;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::FromRequestParts;
use http::request::Parts;
use millrace_domain::storage::Caller;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// A user: he sees all.
    User,
    /// A worker, signed in at a kiosk: its token alone shows nothing to whoever walks by.
    Worker(Caller),
}

impl Viewer {
    /// Whose own things are to be read, unless all may be.
    pub(crate) fn only(self) -> Option<Caller> {
        match self {
            Self::User => None,
            Self::Worker(caller) => Some(caller),
        }
    }
}

impl FromRequestParts<App> for Viewer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        if Supervisor::from_request_parts(parts, app).await.is_ok() {
            return Ok(Self::User);
        }
        AtKiosk::from_request_parts(parts, app).await.map(|worker| Self::Worker(worker.caller()))
    }
}
