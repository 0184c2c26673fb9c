//! Snapshots in place of a stream that can't be had, on a timer of their own: whatever the stream is waiting for, what is
//! shown is no older than a few seconds.

use super::Source;
use crate::backoff::jittered;
use crate::client::CallError;
use serde_json::Value;
use std::pin::Pin;
use std::time::Duration;

/// How often a snapshot is fetched. Jittered: a power cut starts a whole hall in one instant, and it must not ask in step
/// for ever.
const INTERVAL: Duration = Duration::from_secs(5);

type Fetching = Pin<Box<dyn Future<Output = Result<Value, CallError>> + Send>>;

/// What is being fetched, and when the next is.
#[derive(Default)]
pub(super) struct Polling {
    fetching: Option<Fetching>,
    next: Duration,
}

impl Polling {
    /// What the next one came to. Where this is dropped before it is there, the next call goes on with it.
    pub(super) async fn next(&mut self, source: &Source) -> Result<Value, CallError> {
        if self.fetching.is_none() {
            source.clock.sleep(self.next.saturating_sub(source.clock.monotonic())).await;
        }
        let fetching = self.fetching.get_or_insert_with(|| {
            let (client, path) = (source.client.clone(), source.path.clone());
            Box::pin(async move { client.snapshot(&path).await })
        });
        let fetched = fetching.await;
        self.fetching = None;
        self.next = source.clock.monotonic() + jittered(INTERVAL, &*source.chance);
        fetched
    }

    /// The stream speaks: what is being fetched would be older than what it tells.
    pub(super) fn stop(&mut self) {
        self.fetching = None;
    }
}
