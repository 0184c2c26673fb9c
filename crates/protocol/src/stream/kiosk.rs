//! What one kiosk has to know at once.

use super::InitialReason;
use crate::cursor::Cursor;
use crate::floor::Message;
use crate::ids::{KioskId, SessionId, StationId};
use crate::session::{CloseReason, Contact, Session};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

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
    /// What was sent to it and nobody there has confirmed, the oldest first.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// What it is set up as.
    #[serde(default)]
    pub config: KioskConfig,
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
    /// Whether for want of contact only: its kiosk may bring it back.
    #[serde(default)]
    pub provisional: bool,
    /// The supervisor who closed it; absent where nobody did.
    #[serde(default)]
    pub by: Option<String>,
    /// Why he did.
    #[serde(default)]
    pub note: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What a kiosk is set up as.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct KioskConfig {
    /// What it is called.
    pub name: String,
    /// The station it stands at: a preset, not a right.
    pub station_id: Option<StationId>,
}

/// `message` of the kiosk's own stream: it was sent, shown, or confirmed. Merge by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct MessageTold {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The message after it.
    pub message: Message,
}

/// `config` of the kiosk's own stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConfigChanged {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// What it is set up as now.
    pub config: KioskConfig,
}

/// A kiosk as a board sees it: whether it is heard, also while nobody works at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct KioskSeen {
    /// Its id.
    pub id: KioskId,
    /// What it is called.
    pub name: String,
    /// The station it stands at.
    pub station_id: Option<StationId>,
    /// Whether its stream is connected.
    pub contact: Contact,
    /// When it was last connected; absent while it is, and where it never was.
    pub last_contact_at: Option<Timestamp>,
}
