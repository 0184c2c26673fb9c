//! Changed rows as they are: the subscriptions to tables.

use super::InitialReason;
use crate::cursor::Cursor;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use utoipa::ToSchema;

/// `initial` of the realtime stream: a position, and no rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeInitial {
    /// The position of this snapshot.
    #[ts(type = "number")]
    pub offset: u64,
    /// The same as a cursor to resume from.
    pub position: Cursor,
    /// Why a resume became a fresh start; null where none was asked for.
    pub reason: Option<InitialReason>,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "UPPERCASE")]
pub enum EventType {
    /// It came to be.
    Insert,
    /// It changed.
    Update,
    /// It is gone.
    Delete,
}

/// `change` of the realtime stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowChanged {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The table.
    pub table: String,
    /// What happened.
    pub event_type: EventType,
    /// The row after it, in the shape of the interface; null when it is gone.
    #[schema(value_type = Option<Object>)]
    #[ts(type = "Record<string, unknown> | null")]
    pub new: Option<Value>,
    /// The row before it; null when it is new.
    #[schema(value_type = Option<Object>)]
    #[ts(type = "Record<string, unknown> | null")]
    pub old: Option<Value>,
    /// When it was committed.
    pub commit_timestamp: Timestamp,
}
