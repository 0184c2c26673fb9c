//! What a supervisor has yet to acknowledge.

use super::InitialReason;
use crate::cursor::Cursor;
use crate::ids::{SessionId, StationId};
use crate::status::Labels;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;
use uuid::Uuid;

/// `initial` of the notifications stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotificationsInitial {
    /// The position of this snapshot.
    #[ts(type = "number")]
    pub offset: u64,
    /// The same as a cursor to resume from.
    pub position: Cursor,
    /// Why a resume became a fresh start; null where none was asked for.
    pub reason: Option<InitialReason>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// The oldest first.
    pub notifications: Vec<Notification>,
}

/// `insert` and `update` of the notifications stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotificationChanged {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The notification after it.
    pub notification: Notification,
}

/// `delete` of the notifications stream: somebody saw to it, or it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct NotificationGone {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// Which.
    #[schema(value_type = String)]
    #[ts(type = "string")]
    pub id: Uuid,
}

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub enum NotificationKind {
    /// A malfunction that nobody has looked at.
    Malfunction,
    /// A call that nobody has seen.
    Call,
    /// A first product that waits to be approved.
    Approval,
    /// An action that waits for a decision.
    Quarantine,
    /// Pieces were made in a session that nobody counted.
    MissingCount,
    /// A session was closed for want of contact, and nobody has said when it really ended.
    Provisional,
}

/// One thing to be acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// The id of what it is about: the report, call, approval, quarantined action, or session. The key to merge by.
    #[schema(value_type = String)]
    #[ts(type = "string")]
    pub id: Uuid,
    /// What it is about.
    pub kind: NotificationKind,
    /// Since when.
    pub since: Timestamp,
    /// Since when it is urgent, because nobody has looked.
    pub escalated_at: Option<Timestamp>,
    /// When somebody first looked at it.
    pub seen_at: Option<Timestamp>,
    /// Where; absent for what waits in quarantine.
    pub station_id: Option<StationId>,
    /// That station's code.
    pub station_code: Option<String>,
    /// That station's name.
    pub station_name: Option<String>,
    /// Whose session.
    pub worker_name: Option<String>,
    /// Which session.
    pub session_id: Option<SessionId>,
    /// The reason of a malfunction, by language.
    pub labels: Option<Labels>,
    /// What was written with it, or why an action waits.
    pub text: Option<String>,
}
