//! The open sessions of the floor, and one session with its history.

use super::InitialReason;
use crate::cursor::Cursor;
use crate::ids::SessionId;
use crate::report::Report;
use crate::session::{CloseReason, Session};
use crate::status::StatusEvent;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

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

/// `insert` and `update` of the active-sessions stream, `session_update` of a session's own and of its kiosk's.
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

/// `initial` of a session's own stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionDetailInitial {
    /// The position of this snapshot.
    #[ts(type = "number")]
    pub offset: u64,
    /// The same as a cursor to resume from.
    pub position: Cursor,
    /// Why a resume became a fresh start; null where none was asked for.
    pub reason: Option<InitialReason>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// The session, open or ended.
    pub session: Session,
    /// Its stretches, by their start.
    pub status_events: Vec<StatusEvent>,
    /// Its reports, the newest first.
    pub reports: Vec<Report>,
}

/// `status_event` of a session's own stream: made, closed or amended. Merge by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatusEventTold {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The stretch after it.
    pub status_event: StatusEvent,
}
