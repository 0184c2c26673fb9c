//! A worker at the kiosk he is signed in at: for opening, takeover, handover and reading.

use super::kiosk::Kiosk;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::FromRequestParts;
use http::request::Parts;
use millrace_domain::storage::Caller;
use millrace_protocol::worker::Worker;

/// The signed-in worker, named by `X-Worker-Code`, and his kiosk.
#[derive(Debug, Clone)]
pub(crate) struct AtKiosk {
    pub(crate) kiosk: Kiosk,
    pub(crate) worker: Worker,
}

impl AtKiosk {
    /// Whoever is signed in at a kiosk, where the request names him.
    pub(crate) async fn of(kiosk: Kiosk, app: &App) -> Result<Self, ApiError> {
        let Some(code) = kiosk.worker_code.as_deref() else {
            return Err(ApiError::unauthenticated("Name the worker in the header X-Worker-Code."));
        };
        let worker = app.storage.signed_in(kiosk.identity.id).await?.filter(|worker| worker.code == code);
        let worker = worker.ok_or_else(|| {
            ApiError::unauthenticated("This worker is not signed in at this kiosk (any more). Sign in again.")
        })?;
        Ok(Self { kiosk, worker })
    }

    pub(crate) fn caller(&self) -> Caller {
        Caller { kiosk: self.kiosk.identity.id, worker: self.worker.id }
    }
}

impl FromRequestParts<App> for AtKiosk {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        Self::of(Kiosk::from_request_parts(parts, app).await?, app).await
    }
}
