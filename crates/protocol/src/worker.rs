//! Workers and their sign-in at a kiosk.

use crate::ids::WorkerId;
use crate::session::Session;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A worker as a kiosk sees him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Worker {
    /// His id.
    pub id: WorkerId,
    /// Short unique name: an identifier, never a secret.
    pub code: String,
    /// His name.
    pub name: String,
    /// The language he reads: `en`, `he`, …
    pub language: String,
}

/// `POST /api/workers/login`
#[derive(Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorkerLogin {
    /// His code. This or `badge`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub worker_code: Option<String>,
    /// What a badge reader typed: a badge of his, or his code as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub badge: Option<String>,
    /// His PIN, where he has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pin: Option<String>,
}

impl WorkerLogin {
    /// From what was typed at a kiosk, by a hand or a reader: a badge or a code.
    #[must_use]
    pub fn typed(text: String, pin: Option<String>) -> Self {
        Self { worker_code: None, badge: Some(text), pin }
    }
}

/// Without the badge and the PIN.
impl std::fmt::Debug for WorkerLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorkerLogin").field("worker_code", &self.worker_code).finish_non_exhaustive()
    }
}

/// A session that can be resumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Resumable {
    /// The session.
    pub session: Session,
    /// Until when it stays open without contact.
    pub grace_expires_at: Timestamp,
    /// Whether it is claimed by the kiosk that asks: resuming it is then no takeover.
    pub here: bool,
}

/// The answer to a worker's sign-in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorkerSignedIn {
    /// The worker.
    pub worker: Worker,
    /// The session that can be resumed, if there is one.
    pub active_session: Option<Resumable>,
    /// A session of his that was closed for want of contact, and that nothing stands in the way of: it can go on here
    /// (takeover), or he says when it ended (takeover with `then: "complete"`). Absent while one can be resumed.
    #[serde(default)]
    pub provisional_session: Option<Session>,
    /// The highest `seq` the server has from this kiosk; 0 for none.
    #[ts(type = "number")]
    pub last_seq: u64,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// `GET /api/workers/active-session`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActiveSession {
    /// The session that can be resumed, if there is one.
    pub active_session: Option<Resumable>,
    /// A session of his that was closed for want of contact, and that nothing stands in the way of: it can go on here
    /// (takeover), or he says when it ended (takeover with `then: "complete"`). Absent while one can be resumed.
    #[serde(default)]
    pub provisional_session: Option<Session>,
}
