//! The supervisor's desk: a login and the live streams that come with it.
//!
//! The login's token stays in this process: it is in no file, and no page ever sees it.

use crate::client::{CallError, Client};
use crate::engine::CommandError;
use crate::stream::{Source, Subscription};
use millrace_domain::{Chance, Clock};
use millrace_protocol::access::UserSelf;
use millrace_protocol::{Code, ImageId};
use serde::Deserialize;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// A desk; nobody, until somebody logs in.
#[derive(Debug)]
pub struct Desk {
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    login: Mutex<Option<Client>>,
}

/// What a supervisor's screen asks of the server: a route under `/api/admin/`, and nothing else.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdminRequest {
    /// How.
    pub method: AdminMethod,
    /// The route, with its query.
    pub path: String,
    /// What is sent.
    #[serde(default)]
    pub body: Option<Value>,
    /// The version that is changed or removed: `If-Match`.
    #[serde(default)]
    pub version: Option<u32>,
}

/// The methods of the routes for supervisors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AdminMethod {
    /// Reads.
    Get,
    /// Makes or does.
    Post,
    /// Changes.
    Put,
    /// Removes.
    Delete,
}

/// Every call fails as [`CommandError`] says.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
impl Desk {
    /// A desk at which nobody is logged in.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self { clock, chance, login: Mutex::new(None) }
    }

    fn client(&self) -> Option<Client> {
        self.login.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn logged_in(&self) -> Result<Client, CommandError> {
        self.client().ok_or_else(|| CommandError::refused(Code::Unauthenticated, "Log in at this desk first."))
    }

    fn keep(&self, client: Option<Client>) {
        *self.login.lock().unwrap_or_else(PoisonError::into_inner) = client;
    }

    /// Who is logged in; nobody also where the login has ended meanwhile.
    pub async fn me(&self) -> Result<Option<UserSelf>, CommandError> {
        let Some(client) = self.client() else { return Ok(None) };
        match client.user().await {
            Ok(user) => Ok(Some(user)),
            Err(error) if error.code() == Some(Code::Unauthenticated) => {
                self.keep(None);
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Logs a supervisor in.
    pub async fn log_in(&self, server_url: &str, username: &str, password: &str) -> Result<UserSelf, CommandError> {
        let client = Client::new(server_url, None)?;
        let login = client.log_in(username, password).await?;
        let token = login.token.ok_or(CallError::Foreign { status: 200, retry_after: None })?;
        self.keep(Some(client.with_token(&token)));
        Ok(UserSelf { user: login.user, expires_at: login.expires_at })
    }

    /// Logs out. Without the server the token is forgotten here, and ends there by its age.
    pub async fn log_out(&self) {
        let Some(client) = self.client() else { return };
        self.keep(None);
        if let Err(error) = client.log_out().await {
            tracing::debug!(%error, "logged out here only");
        }
    }

    /// Asks one of the routes for supervisors. The page decides which; its login's token stays here.
    pub async fn ask(&self, request: AdminRequest) -> Result<Value, CommandError> {
        let client = self.logged_in()?;
        // Nothing of a page may lead elsewhere: neither to a kiosk's routes nor out of the server.
        if !request.path.starts_with("/api/admin/") || request.path.contains("..") {
            return Err(CommandError::refused(Code::Forbidden, "A desk asks the routes for supervisors only."));
        }
        Ok(client.administer(&request).await?)
    }

    /// A report's picture, as JPEG.
    pub async fn picture(&self, image: ImageId) -> Result<Vec<u8>, CommandError> {
        Ok(self.logged_in()?.picture(image).await?)
    }

    /// Several streams on one connection, reconnecting for ever until the subscription is dropped. The topics are
    /// named as the server names them; it decides which of them this login may read.
    pub fn watch(&self, topics: &[impl AsRef<str>]) -> Result<Subscription, CommandError> {
        let client = self.logged_in()?;
        let path = client.topics(topics).into();
        Ok(Subscription::start(Source { client, path, clock: self.clock.clone(), chance: self.chance.clone() }))
    }
}
