//! Events of the streams. Each `data` carries the `offset` of the change it comes from.

mod jobs;
mod kiosk;
mod notifications;
mod pipeline;
mod realtime;
mod reports;
mod sessions;
mod several;
mod stations;

pub use jobs::{JobChanged, JobGone, JobProgressInitial};
pub use kiosk::{ConfigChanged, KioskConfig, KioskInitial, KioskSeen, MessageTold, SessionClosed, SessionTransferred};
pub use notifications::{Notification, NotificationChanged, NotificationGone, NotificationKind, NotificationsInitial};
pub use pipeline::{PipelineInitial, PipelineStep, PipelineUpdate, StationOption};
pub use realtime::{EventType, RealtimeInitial, RowChanged};
pub use reports::{ReportTold, ReportsInitial};
pub use sessions::{ActiveSessionsInitial, SessionChanged, SessionDetailInitial, SessionGone, StatusEventTold};
pub use several::{AnyInitial, ScreenSnapshot, TopicInitial};
pub use stations::{LastSession, StationChanged, StationGone, StationLive, StationsInitial};

use crate::cursor::Cursor;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Why a client that asked to resume gets everything anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum InitialReason {
    /// The cursor is not of this history.
    Epoch,
    /// What came after the cursor is no longer kept.
    TooOld,
    /// More came after the cursor than is worth sending singly.
    Behind,
}

/// `heartbeat` of every stream: all that concerns it up to `position` has been sent before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StreamHeartbeat {
    /// The position as a number.
    #[ts(type = "number")]
    pub offset: u64,
    /// The server's clock.
    pub server_time: Timestamp,
    /// A fresh cursor.
    pub position: Cursor,
}

/// Why the server ends a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum GoodbyeReason {
    /// The server is being stopped.
    Shutdown,
    /// The stream has reached its age; come back at once.
    Rotate,
    /// The reader could not keep up.
    Behind,
    /// The right to read ended: logout, revoked, expired, another role.
    Revoked,
    /// Too many streams are open.
    Busy,
    /// The server can't read its data now.
    Unavailable,
}

/// `goodbye` of every stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Goodbye {
    /// Why.
    pub reason: GoodbyeReason,
}
