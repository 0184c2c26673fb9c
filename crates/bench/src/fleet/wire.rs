//! What the fleet's process is told and what it answers: JSON, a line each.

use millrace_protocol::{InstanceId, SessionId, StatusDefinitionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A kiosk with an open session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    pub(crate) token: String,
    pub(crate) session: SessionId,
    pub(crate) instance: InstanceId,
    pub(crate) epoch: u32,
    /// The number of its last action.
    pub(crate) seq: u64,
    /// Statuses to change between.
    pub(crate) statuses: Vec<StatusDefinitionId>,
}

/// The first line: who is in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    /// Host and port.
    pub(crate) address: String,
    pub(crate) members: Vec<Member>,
    /// Whether each of them lives: a stream of its own, a heartbeat every 15 s or as the server wants it, an outbox.
    /// Otherwise they beat when they are told to.
    pub(crate) alive: bool,
}

/// The answer to the first line: every connection is there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Opened {
    pub(crate) took_ms: f64,
}

/// Any later line.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "ask")]
pub(crate) enum Ask {
    /// Heartbeats at this rate, one member after the other, whether or not those before were answered. Answered when
    /// they are over.
    Drive { rate: u32, ms: u64 },
    /// Each member's worker taps so many times, at moments drawn from the time that comes. Answered at once.
    Tap { times: usize, within_ms: u64 },
    /// What has happened since the last time this was asked.
    Tell,
}

/// What a fleet did.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    /// Heartbeats that were answered with the lease, by the second of the machine's clock.
    pub(crate) hearts: BTreeMap<i64, usize>,
    /// Actions that were taken, likewise.
    pub(crate) acts: BTreeMap<i64, usize>,
    /// Answers that said when to come again, likewise.
    pub(crate) busy: BTreeMap<i64, usize>,
    /// Requests that nobody answered.
    pub(crate) unanswered: usize,
    /// Answers that were none of these, and the first of them.
    pub(crate) wrong: usize,
    pub(crate) first_wrong: Option<String>,
    /// What driven heartbeats took from when they were due, in microseconds; and how many were not sent, because the
    /// member's one before was still under way.
    pub(crate) times: Vec<u32>,
    pub(crate) behind: usize,
    /// Actions that wait.
    pub(crate) waiting: usize,
    /// When the last action was taken, in microseconds since 1970.
    pub(crate) drained: i64,
    /// When each member's stream was there again, and when its first heartbeat since was answered.
    pub(crate) streams_back: Vec<i64>,
    pub(crate) hearts_back: Vec<i64>,
}
