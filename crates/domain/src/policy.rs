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
    /// Nobody touched a kiosk for this long while nothing is produced: its session is flagged.
    pub untouched_ms: u64,
    /// Whether a kiosk without the server may start and hand over sessions at its station.
    pub offline_start: bool,
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
            untouched_ms: 60 * MINUTE,
            offline_start: true,
        }
    }
}

/// Each time heartbeats wait this much longer to be written, kiosks beat an interval less often, in milliseconds.
const WAIT_MS: u64 = 250;
/// The most intervals between two heartbeats, however busy the server is.
const INTERVALS: u64 = 4;

impl Policy {
    /// After how long a kiosk is to beat again, where heartbeats now wait so long to be written.
    #[must_use]
    pub fn next_heartbeat(&self, waited_ms: u64) -> u64 {
        self.heartbeat_ms * (1 + waited_ms / WAIT_MS).min(INTERVALS)
    }

    /// The same for a kiosk that was told to beat after so long: silence is counted in its intervals.
    #[must_use]
    pub fn beating_after(&self, next_ms: Option<u64>) -> Self {
        let intervals = next_ms.map_or(1, |next| (next / self.heartbeat_ms.max(1)).max(1));
        Self { stale_ms: self.stale_ms * intervals, lost_ms: self.lost_ms * intervals, ..self.clone() }
    }

    /// How long a stretch may lack its reason, where a stop at its station may for so long: the stop that a session
    /// starts in may longer.
    #[must_use]
    pub fn grace_ms(&self, is_first: bool, minor_stop_ms: u64) -> u64 {
        if is_first { self.start_stop_ms } else { minor_stop_ms }
    }

    /// Milliseconds as the signed numbers that times are counted in.
    #[must_use]
    pub fn signed(millis: u64) -> i64 {
        i64::try_from(millis).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_server_is_beaten_at_less_often_up_to_a_limit() {
        let policy = Policy::default();
        let next: Vec<_> = [0, 249, 250, 600, 10_000].map(|waited| policy.next_heartbeat(waited)).into();
        assert_eq!(next, [15_000, 15_000, 30_000, 45_000, 60_000]);
    }

    #[test]
    fn who_beats_less_often_is_stale_later_and_idle_at_the_same_time() {
        let policy = Policy::default();
        let told = policy.beating_after(Some(60_000));
        assert_eq!((told.stale_ms, told.lost_ms, told.idle_ms), (120_000, 480_000, 300_000));
        assert_eq!(policy.beating_after(None), policy);
        assert_eq!(policy.beating_after(Some(15_000)), policy);
        assert_eq!(policy.beating_after(Some(1)), policy);
    }
}
