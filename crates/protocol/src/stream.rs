//! Events of the streams. Each `data` carries the `offset` of the change it comes from.

use crate::cursor::Cursor;
use crate::ids::SessionId;
use crate::session::{CloseReason, Session};
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

/// `initial` of the active-sessions stream; with `?snapshot=1` the body of the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActiveSessionsInitial {
    /// The position of this snapshot.
    #[ts(type = "number")]
    pub offset: u64,
    /// The same as a cursor to resume from.
    pub position: Cursor,
    /// Why a resume became a fresh start; null where none was asked for.
    pub reason: Option<InitialReason>,
    /// The server's clock when the snapshot was taken.
    pub server_time: Timestamp,
    /// Every open session.
    pub sessions: Vec<Session>,
}

/// `insert` and `update` of the active-sessions stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
pub struct SessionChanged {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The session after it.
    pub session: Session,
}

/// `delete` of the active-sessions stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionGone {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The session that ended.
    pub session_id: SessionId,
    /// How it ended.
    pub reason: Option<CloseReason>,
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
}

/// `goodbye` of every stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Goodbye {
    /// Why.
    pub reason: GoodbyeReason,
}

/// `initial` of the kiosk's own stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct KioskInitial {
    /// The position of this snapshot.
    #[ts(type = "number")]
    pub offset: u64,
    /// The same as a cursor to resume from.
    pub position: Cursor,
    /// Why a resume became a fresh start; null where none was asked for.
    pub reason: Option<InitialReason>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// The open session this kiosk owns.
    pub session: Option<Session>,
    /// The epoch it owns it under.
    pub epoch: Option<u32>,
}

/// `session_transferred` of the kiosk's own stream: another instance owns the session now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionTransferred {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The session.
    pub session_id: SessionId,
    /// The epoch that owns it now.
    pub epoch: u32,
    /// The kiosk that owns it now, by name.
    pub kiosk_name: String,
    /// Since when.
    pub at: Timestamp,
}

/// `session_closed` of the kiosk's own stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionClosed {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The session.
    pub session_id: SessionId,
    /// How it ended.
    pub reason: Option<CloseReason>,
    /// When.
    pub at: Timestamp,
}
