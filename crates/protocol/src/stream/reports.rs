//! Reports, live.

use super::InitialReason;
use crate::cursor::Cursor;
use crate::report::Report;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `initial` of the reports stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportsInitial {
    /// The position of this snapshot.
    #[ts(type = "number")]
    pub offset: u64,
    /// The same as a cursor to resume from.
    pub position: Cursor,
    /// Why a resume became a fresh start; null where none was asked for.
    pub reason: Option<InitialReason>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// All that are not closed, and those that changed in the last 30 days; the newest first.
    pub reports: Vec<Report>,
}

/// `insert` and `update` of the reports stream, `report` of a session's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReportTold {
    /// The change it comes from.
    #[ts(type = "number")]
    pub offset: u64,
    /// The report after it.
    pub report: Report,
}
