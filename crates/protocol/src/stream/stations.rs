//! Every station of the floor: who is there, who was, and whether its kiosk is heard.

use super::{InitialReason, KioskSeen};
use crate::cursor::Cursor;
use crate::ids::{AreaId, SessionId, StationId};
use crate::session::CloseReason;
use crate::station::Occupancy;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `initial` of the stations stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StationsInitial {
    /// The position of this snapshot.
    #[ts(type = "number")]
    pub offset: u64,
    /// The same as a cursor to resume from.
    pub position: Cursor,
    /// Why a resume became a fresh start; null where none was asked for.
    pub reason: Option<InitialReason>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// Every station in use, by code.
    pub stations: Vec<StationLive>,
}

/// `insert` and `update` of the stations stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StationChanged {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The station after it.
    pub station: StationLive,
}

/// `delete` of the stations stream: it was removed, or is out of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StationGone {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The station.
    pub station_id: StationId,
}

/// A station as the board of stations shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct StationLive {
    /// Its id.
    pub id: StationId,
    /// Short unique name.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// What kind of machine it is.
    #[serde(rename = "type")]
    pub kind: String,
    /// The area it stands in.
    pub area_id: Option<AreaId>,
    /// That area, by name.
    pub area: Option<String>,
    /// Who is there; absent when it is free.
    pub occupancy: Option<Occupancy>,
    /// The session that is open there.
    pub session_id: Option<SessionId>,
    /// The last session that ended there.
    pub last_session: Option<LastSession>,
    /// The kiosk that stands there; of several the one that is heard best. While a session is open its contact is
    /// in `occupancy`.
    pub kiosk: Option<KioskSeen>,
}

/// The last session of a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct LastSession {
    /// Its id.
    pub id: SessionId,
    /// Who worked.
    pub worker_name: String,
    /// Since when.
    pub started_at: Timestamp,
    /// Until when.
    pub ended_at: Timestamp,
    /// How it ended.
    pub close_reason: Option<CloseReason>,
    /// Whether it was closed for want of contact only: its kiosk may still bring it back.
    pub provisional: bool,
}
