//! What every handler is given.

use crate::auth::recent::Recent;
use crate::auth::throttle::Throttle;
use crate::flow::Places;
use crate::settings::Settings;
use crate::stream::Hub;
use crate::watch::Watch;
use millrace_domain::storage::Storage;
use millrace_domain::{Chance, Clock};
use millrace_protocol::session::Lease;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Shared by all requests; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) hub: Hub,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) throttle: Arc<Throttle>,
    pub(crate) recent: Arc<Recent>,
    pub(crate) places: Places,
    pub(crate) watch: Arc<Watch>,
    pub(crate) shutdown: CancellationToken,
}

impl App {
    /// The lease as it is told to a kiosk.
    pub(crate) fn lease(&self) -> Lease {
        Lease { ttl_ms: self.settings.policy.idle_ms, next_ms: self.settings.policy.heartbeat_ms }
    }
}
