//! Who reads a stream: whoever has the right to its topic, as far as it needs one; and the one way all of them are
//! answered.

use crate::auth::kiosk::Kiosk;
use crate::auth::supervisor::Supervisor;
use crate::error::ApiError;
use crate::state::App;
use crate::stream::{Ask, Pipeline, Scope, Subscriptions, TopicKey, TopicName};
use axum::response::Response;
use http::request::Parts;
use millrace_domain::change::Holder;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{Code, WorkerId};
use std::sync::Arc;

/// Answers a request for one topic, once it is known who is asking.
pub(super) async fn answer(
    app: &App,
    parts: Parts,
    ask: Ask,
    name: impl FnOnce() -> Result<TopicName, ApiError>,
) -> Result<Response, ApiError> {
    let mut reader = Reader::of(app, parts).await;
    match reader.named(name).await {
        Ok(key) => Ok(app.hub.respond(key, reader.ask(ask)).await),
        Err(error) => refused(app, &ask, error),
    }
}

/// What is answered where a stream can't be had. An error ends a browser's EventSource for good, so what will pass is
/// none.
pub(super) fn refused(app: &App, ask: &Ask, error: ApiError) -> Result<Response, ApiError> {
    if error.is_unavailable() { Ok(app.hub.unavailable(ask)) } else { Err(error) }
}

/// A request for streams, with the rights it has shown so far.
pub(super) struct Reader<'a> {
    app: &'a App,
    parts: Parts,
    supervisor: Option<Supervisor>,
    kiosk: Option<Kiosk>,
    holders: Vec<Holder>,
    /// Noted before any right is looked up.
    since: u64,
    expires_at: Option<Timestamp>,
}

impl<'a> Reader<'a> {
    /// A request that has shown nothing yet.
    pub(super) async fn of(app: &'a App, parts: Parts) -> Self {
        let since = app.hub.settled().await;
        Self { app, parts, supervisor: None, kiosk: None, holders: Vec::new(), since, expires_at: None }
    }

    /// Whether anybody who is known here is asking: a user or a kiosk. Nobody else is told even what is wrong with his
    /// request.
    pub(super) async fn known(&mut self) -> Result<(), ApiError> {
        let error = match self.supervisor().await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        if error.is_unavailable() || self.kiosk().await.is_err_and(|error| !error.is_unavailable()) {
            return Err(error);
        }
        self.kiosk().await.map(drop)
    }

    async fn named(&mut self, name: impl FnOnce() -> Result<TopicName, ApiError>) -> Result<TopicKey, ApiError> {
        self.known().await?;
        let name = name()?;
        self.topic(name).await
    }

    /// The topic of this name, if this request may read it.
    pub(super) async fn topic(&mut self, name: TopicName) -> Result<TopicKey, ApiError> {
        Ok(match name {
            TopicName::ActiveSessions => self.desk(TopicKey::ActiveSessions).await?,
            TopicName::Stations => self.desk(TopicKey::Stations).await?,
            TopicName::Reports(kind) => self.desk(TopicKey::Reports(kind)).await?,
            TopicName::JobProgress => self.desk(TopicKey::JobProgress).await?,
            TopicName::Notifications => self.desk(TopicKey::Notifications).await?,
            TopicName::Session(id) => {
                let key = self.desk(TopicKey::Session(id)).await?;
                if !self.app.storage.has_session(id).await? {
                    return Err(ApiError::new(
                        Code::SessionNotFound,
                        "There is no such session here. Look the id up again.",
                    ));
                }
                key
            }
            TopicName::Kiosk => TopicKey::Kiosk(self.kiosk().await?.identity.id),
            TopicName::Pipeline { worker, job } => {
                self.at_kiosk(worker).await?;
                TopicKey::Pipeline(Pipeline { worker, job })
            }
            TopicName::Realtime(wanted) => {
                let scope = match self.supervisor().await {
                    Ok(_) => Scope::All,
                    Err(error) if error.is_unavailable() => return Err(error),
                    Err(_) => Scope::Kiosk(self.kiosk().await?.identity.id),
                };
                if scope != Scope::All && !wanted.iter().all(crate::stream::Subscription::is_of_kiosks) {
                    return Err(ApiError::new(
                        Code::Forbidden,
                        "A kiosk sees the rows of its own session: sessions, status_events and reports.",
                    ));
                }
                TopicKey::Realtime(Arc::new(Subscriptions::new(scope, wanted)))
            }
        })
    }

    /// What it asks of the hub, under all the rights it has shown.
    pub(super) fn ask(self, ask: Ask) -> Ask {
        ask.under(self.holders, self.since, self.expires_at)
    }

    async fn desk(&mut self, key: TopicKey) -> Result<TopicKey, ApiError> {
        self.supervisor().await.map(|_| key)
    }

    async fn supervisor(&mut self) -> Result<&Supervisor, ApiError> {
        if self.supervisor.is_none() {
            let supervisor = Supervisor::reading(&self.parts, self.app).await?;
            self.holders.extend(supervisor.holders());
            self.expires_at = Some(supervisor.0.expires_at);
            self.supervisor = Some(supervisor);
        }
        self.supervisor.as_ref().ok_or_else(|| ApiError::unauthenticated("Log in first."))
    }

    async fn kiosk(&mut self) -> Result<&Kiosk, ApiError> {
        if self.kiosk.is_none() {
            let kiosk = Kiosk::reading(&self.parts, self.app).await?;
            self.holders.push(Holder::Kiosk(kiosk.identity.id));
            self.kiosk = Some(kiosk);
        }
        self.kiosk.as_ref().ok_or_else(|| ApiError::unauthenticated("Enrol this kiosk first."))
    }

    /// The worker has to be signed in at the calling kiosk.
    async fn at_kiosk(&mut self, worker: WorkerId) -> Result<(), ApiError> {
        let kiosk = self.kiosk().await?.identity.id;
        // Looking on is no touch: a stream that is kept open, or made anew, does not keep anybody signed in.
        if self.app.storage.who_is_signed_in(kiosk).await?.is_none_or(|signed_in| signed_in.id != worker) {
            return Err(ApiError::unauthenticated(
                "This worker is not signed in at this kiosk (any more). Sign in again.",
            ));
        }
        let holder = Holder::SignIn { kiosk, worker };
        if !self.holders.contains(&holder) {
            self.holders.push(holder);
        }
        Ok(())
    }
}
