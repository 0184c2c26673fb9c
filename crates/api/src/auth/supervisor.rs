//! A user with a login: supervisor or administrator.

use super::cookie::Jar;
use super::credential;
use crate::error::ApiError;
use crate::secret::token_hash;
use crate::state::App;
use axum::extract::FromRequestParts;
use http::request::Parts;
use millrace_domain::change::Holder;
use millrace_domain::storage::{Actor, Login};

/// The calling user's login.
#[derive(Debug, Clone)]
pub(crate) struct Supervisor(pub(crate) Login);

impl Supervisor {
    /// Who it is, for the audit log.
    pub(crate) fn actor(&self) -> Actor {
        Actor { name: self.0.user.username.clone(), role: self.0.user.role }
    }

    /// The rights a stream of his is opened under.
    pub(crate) fn holders(&self) -> [Holder; 2] {
        [Holder::Login(self.0.number), Holder::User(self.0.user.id)]
    }
}

impl Supervisor {
    /// The same for who opens a stream: many who come at once are asked after once.
    pub(crate) async fn reading(parts: &Parts, app: &App) -> Result<Self, ApiError> {
        let token = credential::token(parts, Jar::User, app.settings.secure_cookies)?;
        let login = app.recent.login(app, token_hash(token)).await?;
        login.map(Self).ok_or_else(|| ApiError::unauthenticated("This login has ended. Log in again."))
    }
}

impl FromRequestParts<App> for Supervisor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token = credential::token(parts, Jar::User, app.settings.secure_cookies)?;
        let login = app.storage.login(token_hash(token)).await?;
        login.map(Self).ok_or_else(|| ApiError::unauthenticated("This login has ended. Log in again."))
    }
}
