//! What can be set about the interface.

use crate::stream::StreamSettings;
use millrace_domain::Policy;

/// Limits and habits of the interface.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The plant's limits: the same that the storage was opened with.
    pub policy: Policy,
    /// Bounds and intervals of the streams.
    pub streams: StreamSettings,
    /// The page is reached over TLS (by a proxy in front): cookies are `Secure` and carry the `__Host-` prefix.
    pub secure_cookies: bool,
    /// How many worker actions are taken at once; who comes beyond them is told to come again.
    pub actions_at_once: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            streams: StreamSettings::default(),
            secure_cookies: false,
            actions_at_once: crate::flow::AT_ONCE,
        }
    }
}
