//! The change log and the snapshots that streams begin with.

use super::Result;
use crate::change::{Change, Claimant};
use async_trait::async_trait;
use millrace_protocol::KioskId;
use millrace_protocol::session::Session;
use millrace_protocol::time::Timestamp;

/// Where the log stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Names this history: another database, or one restored from a backup, has another.
    pub epoch: String,
    /// The last offset; 0 for an empty log.
    pub offset: u64,
    /// Changes after this one are still kept.
    pub floor: u64,
}

/// Rows and the position they are true at, read in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot<T> {
    /// The last offset it contains.
    pub offset: u64,
    /// The database's clock.
    pub now: Timestamp,
    /// The rows.
    pub rows: T,
}

/// How far the log's beginning may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prune {
    /// Changes before this moment are no longer needed.
    pub before: Timestamp,
    /// Neither are those before the newest so many.
    pub keep: u64,
    /// Nothing above this offset is touched, whatever its age.
    pub upto: u64,
    /// How many changes may go in one command: the writer has other work.
    pub most: u32,
}

/// What a pruning came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// How many changes went.
    pub removed: u64,
    /// Changes after this one are still kept.
    pub floor: u64,
}

/// The log: read it, and keep it bounded.
#[async_trait]
pub trait ChangeLog: Send + Sync + 'static {
    /// Where the log stands.
    async fn position(&self) -> Result<Position>;

    /// The changes after `offset`, at most `limit`, in order.
    async fn changes_after(&self, offset: u64, limit: u32) -> Result<Vec<Change>>;

    /// Removes changes from the beginning: a few in one command, always without a hole, never the last one,
    /// which holds the place from which offsets go on.
    async fn prune(&self, prune: Prune) -> Result<Pruned>;

    /// Every open session.
    async fn active_sessions(&self) -> Result<Snapshot<Vec<Session>>>;

    /// The open session a kiosk owns.
    async fn session_of_kiosk(&self, kiosk: KioskId) -> Result<Snapshot<Option<(Session, Claimant)>>>;
}
