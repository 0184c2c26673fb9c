//! Furnishing a floor: areas, stations, workers, statuses, reasons, users and kiosks in one go.
//!
//! Used by `millrace-server demo` and by its commands; managing them singly comes with their screens.

use super::history::History;
use super::{Result, TokenHash};
use async_trait::async_trait;
use millrace_protocol::access::User;
use millrace_protocol::checklist::ChecklistItem;
use millrace_protocol::plant::{ShiftException, ShiftWeek};
use millrace_protocol::status::{Labels, ReasonType, StatusDefinition};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{
    ChecklistId, JobId, JobItemId, KioskId, ReasonId, ShiftCalendarId, StationId, StepId, WorkerId,
};
use serde::Serialize;

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
    /// Shift calendars.
    pub calendars: Vec<PlannedCalendar>,
    /// Checklists.
    pub checklists: Vec<PlannedChecklist>,
    /// Jobs.
    pub jobs: Vec<PlannedJob>,
    /// What happened before.
    pub history: Option<Box<History>>,
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

/// A shift calendar to be.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedCalendar {
    /// Its id.
    pub id: ShiftCalendarId,
    /// What it is called.
    pub name: String,
    /// IANA name of the zone its shifts are said in.
    pub time_zone: String,
    /// The shifts of an ordinary week.
    pub shifts: ShiftWeek,
    /// The days that are otherwise.
    pub exceptions: Vec<ShiftException>,
    /// The areas that work by it, by name.
    pub areas: Vec<String>,
}

/// A checklist to be.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedChecklist {
    /// Its id.
    pub id: ChecklistId,
    /// What it is called.
    pub name: String,
    /// What it asks.
    pub items: Vec<ChecklistItem>,
    /// The station that asks it.
    pub station_id: StationId,
    /// Whether it is asked when a session starts there.
    pub start: bool,
    /// Whether it is asked when one ends there.
    pub end: bool,
}

/// A job to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedJob {
    /// Its id.
    pub id: JobId,
    /// Its number in the plant.
    pub number: String,
    /// For whom.
    pub customer: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Until which day, `YYYY-MM-DD`.
    pub due_on: Option<String>,
    /// When it was put away.
    #[serde(serialize_with = "super::history::maybe_millis")]
    pub archived_at: Option<Timestamp>,
    /// Its items in order.
    pub items: Vec<PlannedItem>,
}

/// An item of a job to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedItem {
    /// Its id.
    pub id: JobItemId,
    /// What is made.
    pub name: String,
    /// How many are wanted; at least 1.
    pub planned_quantity: u64,
    /// When it was closed short.
    #[serde(serialize_with = "super::history::maybe_millis")]
    pub closed_short_at: Option<Timestamp>,
    /// Why; there is both or neither.
    pub closed_short_reason: Option<String>,
    /// Its steps in order, the last one terminal.
    pub steps: Vec<PlannedStep>,
}

/// A step to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedStep {
    /// Its id.
    pub id: StepId,
    /// Where it is done.
    pub station_id: StationId,
    /// Planned milliseconds for one piece, where known.
    pub planned_ms_per_piece: Option<u64>,
    /// Whether a supervisor has to approve the first product.
    pub first_product_approval: bool,
}

/// Furnishing.
#[async_trait]
pub trait Furnish: Send + Sync + 'static {
    /// Whether nothing is on the floor yet: no station and no user.
    async fn is_bare(&self) -> Result<bool>;

    /// Makes all of a plan.
    async fn furnish(&self, plan: Floorplan) -> Result<()>;
}
