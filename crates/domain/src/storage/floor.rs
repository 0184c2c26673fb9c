//! Sessions and what happens in them.

use super::{Result, TokenHash};
use crate::action::{Action, OfflineStart, Parked, Reply};
use crate::deed::Deed;
use async_trait::async_trait;
use millrace_protocol::provisions::ProvidedWorker;
use millrace_protocol::session::{
    HandoverRequest, HeartbeatRequest, OpenRequest, Session, SweepAnswer, TakeoverRequest,
};
use millrace_protocol::station::StationChoice;
use millrace_protocol::status::{Reason, ReasonType, StatusDefinition};
use millrace_protocol::time::Timestamp;
use millrace_protocol::worker::Resumable;
use millrace_protocol::{InstanceId, KioskId, SessionId, StationId, WorkerId};

/// A worker at the kiosk he is signed in at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The kiosk.
    pub kiosk: KioskId,
    /// The worker.
    pub worker: WorkerId,
}

/// A session as its owner gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// The session.
    pub session: Session,
    /// The epoch it is owned under.
    pub epoch: u32,
    /// The highest `seq` from this kiosk; 0 for none.
    pub last_seq: u64,
    /// The database's clock.
    pub now: Timestamp,
    /// Whether this had been done before: nothing changed.
    pub repeat: bool,
}

/// A heartbeat that was the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeartbeatOutcome {
    /// The epoch it is owned under.
    pub epoch: u32,
    /// The highest `seq` from this kiosk; 0 for none.
    pub last_seq: u64,
    /// The database's clock.
    pub now: Timestamp,
    /// After how long it is to beat again, in milliseconds.
    pub next_ms: u64,
}

/// The floor: stations, who is at them, and what the machines do.
#[async_trait]
pub trait Floor: Send + Sync + 'static {
    /// The stations in use that a worker may use, by code, with who is there.
    async fn stations(&self, worker: WorkerId) -> Result<Vec<StationChoice>>;

    /// The statuses of a station: global ones first.
    async fn statuses(&self, station: StationId) -> Result<Vec<StatusDefinition>>;

    /// The reasons of a station for one type.
    async fn reasons(&self, station: StationId, kind: ReasonType) -> Result<Vec<Reason>>;

    /// The workers who may use a station, by code, as a kiosk without the server has to know them.
    async fn workers_for(&self, station: StationId) -> Result<Vec<ProvidedWorker>>;

    /// Whether the plant lets kiosks start sessions without the server.
    fn lets_kiosks_start(&self) -> bool;

    /// The open session of a worker, as seen from a kiosk.
    async fn resumable(&self, caller: Caller) -> Result<Option<Resumable>>;

    /// Opens a session; the same again for a repeat by the same instance.
    async fn open(&self, caller: Caller, request: OpenRequest) -> Result<Owned>;

    /// Takes a worker's own session over; the same again for a repeat by the same instance.
    async fn take_over(&self, caller: Caller, request: TakeoverRequest) -> Result<Owned>;

    /// Ends the session that runs on this kiosk and opens the calling worker's; the same again for a repeat.
    async fn hand_over(&self, caller: Caller, request: HandoverRequest) -> Result<Owned>;

    /// Renews the lease of the owner; with `closing`, gives up contact instead. The kiosk is known by its token. A
    /// worker's code, where it is sent, has to be the session's.
    async fn heartbeat(
        &self,
        token: TokenHash,
        worker_code: Option<String>,
        request: HeartbeatRequest,
    ) -> Result<HeartbeatOutcome>;

    /// Does what a worker did, once: the answer is kept under the action's number for ever.
    async fn act(&self, action: Action<Deed>) -> Result<Reply>;

    /// Opens a session that was opened without the server, or hands one over, once. What stands in the way puts it into
    /// quarantine, with all that follows in it.
    async fn start_offline(&self, action: Action<OfflineStart>) -> Result<Reply>;

    /// The session that a kiosk claimed with this instance; the newest, where there are more.
    async fn claimed_session(&self, kiosk: KioskId, instance: InstanceId) -> Result<Option<SessionId>>;

    /// A session of the worker's that was closed for want of contact and may come back.
    async fn provisional(&self, worker: WorkerId) -> Result<Option<Session>>;

    /// Puts an entry that can't be applied where a supervisor finds it; that is the answer of its number from then on.
    /// An entry that was taken before stays what it is.
    async fn park(&self, parked: Parked) -> Result<Reply>;

    /// Looks at every open session: marks contacts that faded, closes those without contact for too long.
    /// `wall_ran_ahead` is by how much the wall clock outran the monotonic one since the previous call, in ms.
    async fn sweep(&self, wall_ran_ahead: i64) -> Result<SweepAnswer>;
}
