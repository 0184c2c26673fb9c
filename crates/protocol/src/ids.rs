//! Newtype ids. An id of one thing can't be passed where another's is wanted.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema, TS,
        )]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    )*};
}

ids! {
    /// A group of stations.
    AreaId,
    /// When an area works: its shifts.
    ShiftCalendarId,
    /// A person who works at stations.
    WorkerId,
    /// A machine or place of work.
    StationId,
    /// A worker at a station, from opening to end.
    SessionId,
    /// The running program (a kiosk's process, a browser tab) that claimed a session.
    InstanceId,
    /// A status a machine can be in, as the plant defined it.
    StatusDefinitionId,
    /// A stretch of one session in one status.
    StatusEventId,
    /// Why a machine stands, as the plant defined it.
    ReasonId,
    /// An enrolled device.
    KioskId,
    /// A one-time code that makes a device a kiosk.
    EnrolmentCodeId,
    /// A person with a login: supervisor or administrator.
    UserId,
    /// A job, from the jobs of the plant.
    JobId,
    /// An item of a job.
    JobItemId,
    /// A list of checks asked at a station.
    ChecklistId,
    /// A step of a job item: work at one station.
    StepId,
    /// A template for steps.
    PresetId,
    /// An entry of the ledger of quantities.
    QuantityEntryId,
    /// A report.
    ReportId,
    /// A picture; the kiosk makes the id.
    ImageId,
    /// The approval of a first product.
    ApprovalId,
    /// A call to the supervisor.
    CallId,
    /// A message to a kiosk.
    MessageId,
    /// A worker's badge.
    BadgeId,
    /// A correction of history.
    AmendmentId,
    /// An action that could not be applied and waits for a supervisor.
    QuarantineId,
}
