//! The plant as it is managed: areas and when they work.

use crate::ids::{AreaId, ShiftCalendarId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A part of the plant that holds stations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Area {
    /// Its id.
    pub id: AreaId,
    /// What people call it; no other area is called so.
    pub name: String,
    /// When it works; absent: always.
    pub calendar_id: Option<ShiftCalendarId>,
    /// Counts its changes: what `If-Match` names.
    pub version: u32,
}

/// What an area is to be: `POST` and `PUT` of `/api/admin/areas`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AreaDraft {
    /// What people call it; 1 to 80 characters.
    pub name: String,
    /// When it works; absent: always.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub calendar_id: Option<ShiftCalendarId>,
}
