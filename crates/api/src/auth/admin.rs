//! A user who may manage: an administrator.

use super::supervisor::Supervisor;
use crate::error::ApiError;
use crate::state::App;
use axum::extract::FromRequestParts;
use http::request::Parts;
use millrace_domain::storage::Actor;
use millrace_protocol::Code;
use millrace_protocol::access::Role;

/// The calling administrator's login.
#[derive(Debug, Clone)]
pub(crate) struct Admin(pub(crate) Supervisor);

impl Admin {
    /// Who it is, for the audit log.
    pub(crate) fn actor(&self) -> Actor {
        self.0.actor()
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let user = Supervisor::from_request_parts(parts, app).await?;
        if user.0.user.role == Role::Admin {
            return Ok(Self(user));
        }
        Err(ApiError::new(Code::Forbidden, "This is for administrators. Ask one, or log in as one."))
    }
}
