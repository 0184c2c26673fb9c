//! Furnishing a floor: areas, stations, workers, statuses, reasons, users and kiosks in one go.
//!
//! Used by `millrace-server demo` and by its commands; managing them singly comes with their screens.

use super::{Result, TokenHash};
use async_trait::async_trait;
use millrace_protocol::access::User;
use millrace_protocol::status::{Labels, ReasonType, StatusDefinition};
use millrace_protocol::{KioskId, ReasonId, StationId, WorkerId};

/// What is to be on the floor. All of it is made, or nothing.
#[derive(Debug, Clone, Default)]
pub struct Floorplan {
    /// Stations; their areas are made as they are named.
    pub stations: Vec<PlannedStation>,
    /// Workers.
    pub workers: Vec<PlannedWorker>,
    /// Statuses.
    pub statuses: Vec<PlannedStatus>,
    /// Reasons.
    pub reasons: Vec<PlannedReason>,
    /// Users.
    pub users: Vec<PlannedUser>,
    /// Kiosks.
    pub kiosks: Vec<PlannedKiosk>,
}

/// A station to be.
#[derive(Debug, Clone)]
pub struct PlannedStation {
    /// Its id.
    pub id: StationId,
    /// Short unique name.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What kind of machine it is.
    pub kind: String,
    /// The area it stands in.
    pub area: String,
}

/// A worker to be.
#[derive(Debug, Clone)]
pub struct PlannedWorker {
    /// His id.
    pub id: WorkerId,
    /// Short unique name.
    pub code: String,
    /// His name.
    pub name: String,
    /// The language he reads.
    pub language: String,
    /// Hash of his PIN, where he has one.
    pub pin_hash: Option<String>,
}

/// A status to be.
#[derive(Debug, Clone)]
pub struct PlannedStatus {
    /// For one station; for all where absent.
    pub station: Option<StationId>,
    /// The status.
    pub definition: StatusDefinition,
}

/// A reason to be.
#[derive(Debug, Clone)]
pub struct PlannedReason {
    /// Its id.
    pub id: ReasonId,
    /// For one station; for all where absent.
    pub station: Option<StationId>,
    /// What it explains.
    pub kind: ReasonType,
    /// What people read.
    pub labels: Labels,
}

/// A user to be.
#[derive(Debug, Clone)]
pub struct PlannedUser {
    /// The user.
    pub user: User,
    /// Hash of the password.
    pub password_hash: String,
}

/// A kiosk to be, enrolled already.
#[derive(Debug, Clone)]
pub struct PlannedKiosk {
    /// Its id.
    pub id: KioskId,
    /// What it is called.
    pub name: String,
    /// The station it stands at.
    pub station: Option<StationId>,
    /// Hash of its token.
    pub token: TokenHash,
}

/// Furnishing.
#[async_trait]
pub trait Furnish: Send + Sync + 'static {
    /// Whether nothing is on the floor yet: no station and no user.
    async fn is_bare(&self) -> Result<bool>;

    /// Makes all of a plan.
    async fn furnish(&self, plan: Floorplan) -> Result<()>;
}
