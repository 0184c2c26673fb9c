//! Putting history right, and reading it.

use super::{Actor, Asked, Listed, Result};
use async_trait::async_trait;
use millrace_protocol::amendment::{Amended, Amendment, AmendmentDraft, CloseDraft, Closed};
use millrace_protocol::history::{SessionRecord, WorkerSession};
use millrace_protocol::session::{Session, SessionStatus};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{SessionId, StationId, WorkerId};

/// Which sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Begun then or later.
    pub from: Option<Timestamp>,
    /// Begun before.
    pub to: Option<Timestamp>,
    /// At this station.
    pub station: Option<StationId>,
    /// Of this worker.
    pub worker: Option<WorkerId>,
    /// Open, or ended so.
    pub status: Option<SessionStatus>,
}

/// Corrections, and the history they correct.
#[async_trait]
pub trait Amend: Send + Sync + 'static {
    /// Puts something right.
    async fn amend(&self, by: Actor, draft: AmendmentDraft) -> Result<Amended>;

    /// Says which figures that would change; nothing is written.
    async fn preview_amendment(&self, by: Actor, draft: AmendmentDraft) -> Result<Amended>;

    /// What was put right, the newest first; of one session: all of it, in order.
    async fn amendments(&self, asked: Asked, session: Option<SessionId>) -> Result<Listed<Amendment>>;

    /// Closes a session in the name of a supervisor.
    async fn close_session(&self, by: Actor, session: SessionId, draft: CloseDraft) -> Result<Closed>;

    /// Sessions, the newest first.
    async fn sessions(&self, asked: Asked, filter: SessionFilter) -> Result<Listed<Session>>;

    /// A session and all that happened in it.
    async fn session_record(&self, session: SessionId) -> Result<Option<SessionRecord>>;

    /// A worker's own session; none for another's.
    async fn worker_session(&self, worker: WorkerId, session: SessionId) -> Result<Option<WorkerSession>>;
}
