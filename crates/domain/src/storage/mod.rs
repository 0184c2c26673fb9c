//! What a database has to do for us, as traits: one method is one whole command.
//!
//! There is no begin and no commit here. An implementation loads what a rule needs, calls the rule,
//! and writes the effects, the change records and the audit records in one atomic unit; then it hands
//! the committed changes, in commit order, to whoever listens ([`Commits`]).

mod access;
mod amend;
mod catalogue;
mod checklists;
mod commits;
mod desk;
mod devices;
mod floor;
mod history;
mod list;
mod log;
mod people;
mod plan;
mod planning;
mod plant;
mod stations;

pub use access::{Access, Enrolment, KioskIdentity, Login, SignedIn, TokenHash};
pub use amend::{Amend, SessionFilter};
pub use catalogue::Catalogue;
pub use checklists::Checklists;
pub use commits::{Commits, Committed, Publisher};
pub use desk::{
    Approver, KeptPicture, Messages, Picture, Pictures, Quarantine, QuarantineFilter, ReportFilter, Reports, Requests,
    Verdict, Which,
};
pub use devices::Devices;
pub use floor::{Caller, Floor, HeartbeatOutcome, Owned};
pub use history::{
    History, PastAmendment, PastAnswers, PastApproval, PastCall, PastClaim, PastEntry, PastEvent, PastKiosk,
    PastQuarantine, PastReport, PastReportChange, PastSession,
};
pub use list::{After, Asked, Listed};
pub use log::{
    ChangeLog, FloorRows, FloorStation, OfKiosk, Position, Prune, Pruned, SessionHistory, Snapshot, Unacknowledged,
};
pub use people::{People, StoredBadge};
pub use plan::{
    Floorplan, Furnish, PlannedCalendar, PlannedChecklist, PlannedItem, PlannedJob, PlannedKiosk, PlannedReason,
    PlannedStation, PlannedStatus, PlannedStep, PlannedUser, PlannedWorker,
};
pub use planning::{JobFilter, JobItemFilter, Planning};
pub use plant::Plant;
pub use stations::Stations;

use crate::Refusal;
use millrace_protocol::access::Role;

/// Why a command came to nothing. Whatever it is, nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database can't take it now: disk full, connection lost, shutting down. The same may work later.
    #[error("the database can't take this now: {0}")]
    Unavailable(String),
    /// A defect.
    #[error("{context}: {reason}")]
    Defect {
        /// What was being done.
        context: &'static str,
        /// What went wrong.
        reason: String,
    },
}

/// Who manages: what the audit log keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

macro_rules! storage {
    ($($family:ident),* $(,)?) => {
        /// All of it.
        pub trait Storage: $($family +)* std::fmt::Debug {}
        impl<T: $($family +)* std::fmt::Debug> Storage for T {}
    };
}

// A line each: several people add one at a time.
#[rustfmt::skip]
storage!(
    Access,
    Amend,
    Catalogue,
    ChangeLog,
    Checklists,
    Devices,
    Floor,
    Furnish,
    Messages,
    Pictures,
    Planning,
    People,
    Plant,
    Quarantine,
    Reports,
    Requests,
    Stations,
);

/// The result of a storage command.
pub type Result<T> = std::result::Result<T, StorageError>;
