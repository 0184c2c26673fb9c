//! Kiosks and the codes that make them, as they are managed.

use crate::ids::{EnrolmentCodeId, KioskId, StationId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// An enrolled device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct KioskRecord {
    /// Its id.
    pub id: KioskId,
    /// What it is called.
    pub name: String,
    /// The station it stands at: a preset, not a right.
    pub station_id: Option<StationId>,
    /// That station's code.
    pub station_code: Option<String>,
    /// The program it runs, as it says itself: `millrace-kiosk/0.1.0`. Absent for browsers.
    pub program: Option<String>,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// When it last did something that is stored: a heartbeat of a session, a sign-in, an action.
    pub last_contact_at: Timestamp,
    /// When its right was ended.
    pub revoked_at: Option<Timestamp>,
    /// Counts its changes: what `If-Match` names.
    pub version: u32,
}

/// What a kiosk is to be: `PUT /api/admin/kiosks/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KioskDraft {
    /// What it is called; 1 to 80 characters.
    pub name: String,
    /// The station it stands at.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub station_id: Option<StationId>,
}

/// An enrolment code that can still be used. The code itself was shown once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentCodeRecord {
    /// Its id.
    pub id: EnrolmentCodeId,
    /// What the kiosk is to be called.
    pub kiosk_name: String,
    /// The station it is to stand at.
    pub station_id: Option<StationId>,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// Who made it.
    pub created_by: Option<String>,
}
