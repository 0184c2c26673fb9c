//! The hub as the rest of the server sees it.

use super::ask::Ask;
use super::distributor::Distributor;
use super::opening::Wanted;
use super::settings::StreamSettings;
use super::view::TopicKey;
use axum::response::Response;
use millrace_domain::change::Holder;
use millrace_domain::storage::{ChangeLog, Commits, Committed, Result};
use millrace_domain::{Clock, Policy};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// All streams of one server; cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub(pub(super) Arc<Distributor>);

impl Hub {
    /// A hub that knows where the log stands and what happened last, and hears by `committed` how far it goes. Its streams live while [`Hub::run`] runs.
    ///
    /// A recorder of metrics has to be installed before, or the counts go nowhere.
    ///
    /// # Errors
    /// When the log can't be read.
    pub async fn open(
        log: Arc<dyn ChangeLog>,
        committed: Committed,
        clock: Arc<dyn Clock>,
        settings: StreamSettings,
        shutdown: CancellationToken,
    ) -> Result<Self> {
        Ok(Self(Distributor::open(log, committed, clock, settings, shutdown).await?))
    }

    /// Publishes what is committed, until the shutdown or the end of the storage; then every stream says goodbye.
    /// One task, owned by the caller.
    pub async fn run(self, commits: Commits) {
        self.0.run(commits).await;
    }

    /// Whether one of these rights ended a moment ago, after this offset.
    #[must_use]
    pub fn ended_after(&self, since: u64, holders: &[Holder]) -> bool {
        self.0.ended_after(since, holders)
    }

    /// As of which offset a right that is looked up after this call holds. Every end up to there is published.
    pub async fn settled(&self) -> u64 {
        self.0.settled().await
    }

    /// Keeps the log bounded, until the shutdown. One task, owned by the caller.
    pub async fn retain(self) {
        self.0.retain().await;
    }

    /// Watches which kiosks are connected, until the shutdown. One task, owned by the caller.
    pub async fn watch_kiosks(self, policy: Policy) {
        self.0.watch_kiosks(&policy).await;
    }

    /// Answers a request for a stream. Whether the caller may read this topic was decided before.
    ///
    /// Never an error, whatever is wrong with the cursor, the number of streams or the log: that would end a browser's
    /// EventSource for good. Only a snapshot that can't be had is a 503.
    pub async fn respond(&self, key: TopicKey, ask: Ask) -> Response {
        self.0.respond(vec![Wanted { key, name: None }], ask).await
    }

    /// The same for several topics on one connection, each under its name.
    pub async fn respond_all(&self, wanted: Vec<Wanted>, ask: Ask) -> Response {
        self.0.respond(wanted, ask).await
    }

    /// Answers a request for a stream that can't begin because nothing can be read now: a goodbye, and when to come
    /// back; 503 where only a snapshot was asked for.
    #[must_use]
    pub fn unavailable(&self, ask: &Ask) -> Response {
        self.0.unavailable(ask)
    }

    /// The last offset that was published.
    #[cfg(test)]
    pub(super) fn head(&self) -> u64 {
        self.0.head()
    }
}
