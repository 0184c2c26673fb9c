//! The plant's policy: limits and intervals a rule depends on, with their defaults.

use serde::{Deserialize, Serialize};

/// All times in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "snake_case")]
pub struct Policy {
    /// How many sessions a worker may hold at once.
    pub sessions_per_worker: u32,
    /// Between two heartbeats of a kiosk.
    pub heartbeat_ms: u64,
    /// Without contact for this long, a session's contact is stale.
    pub stale_ms: u64,
    /// Without contact for this long, it is lost.
    pub lost_ms: u64,
    /// Without contact for this long, it is closed provisionally.
    pub idle_ms: u64,
    /// The approval of a first product holds this long.
    pub approval_ms: u64,
    /// An approval that was asked for and not seen for this long is raised.
    pub approval_unseen_ms: u64,
    /// A call that was not seen for this long is raised.
    pub call_unseen_ms: u64,
    /// A stop shorter than this asks nothing, where its station says nothing else.
    pub minor_stop_ms: u64,
    /// The stop that a session starts in counts as unexplained from this long on.
    pub start_stop_ms: u64,
    /// A worker's sign-in lasts this long untouched, where no session is open.
    pub sign_in_ms: u64,
    /// A supervisor's login lasts this long.
    pub login_ms: u64,
    /// An enrolment code can be used for this long.
    pub enrolment_ms: u64,
}

impl Default for Policy {
    fn default() -> Self {
        const SECOND: u64 = 1_000;
        const MINUTE: u64 = 60 * SECOND;
        Self {
            sessions_per_worker: 1,
            heartbeat_ms: 15 * SECOND,
            stale_ms: 30 * SECOND,
            lost_ms: 2 * MINUTE,
            idle_ms: 5 * MINUTE,
            approval_ms: 12 * 60 * MINUTE,
            approval_unseen_ms: 10 * MINUTE,
            call_unseen_ms: 5 * MINUTE,
            minor_stop_ms: 3 * MINUTE,
            start_stop_ms: 5 * MINUTE,
            sign_in_ms: 10 * MINUTE,
            login_ms: 12 * 60 * MINUTE,
            enrolment_ms: 24 * 60 * MINUTE,
        }
    }
}

impl Policy {
    /// Milliseconds as the signed numbers that times are counted in.
    #[must_use]
    pub fn signed(millis: u64) -> i64 {
        i64::try_from(millis).unwrap_or(i64::MAX)
    }
}
