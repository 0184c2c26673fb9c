//! Enrolment of kiosks and logins of supervisors.

use crate::ids::{EnrolmentCodeId, KioskId, StationId, UserId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `POST /api/kiosks/enroll`
#[derive(Clone, Serialize, Deserialize, ToSchema, TS)]
pub struct EnrollRequest {
    /// The one-time code a supervisor handed out.
    pub code: String,
    /// From a browser: keep the token in a cookie that no script can read.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub cookie: bool,
}

/// The answer to an enrolment.
#[derive(Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Enrolled {
    /// The kiosk.
    pub kiosk_id: KioskId,
    /// What it is called.
    pub kiosk_name: String,
    /// Its secret; absent in the cookie form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub token: Option<String>,
    /// The station it stands at: a preset, not a right.
    pub station_id: Option<StationId>,
}

/// `GET /api/kiosks/me`: which kiosk the caller is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct KioskSelf {
    /// The kiosk.
    pub kiosk_id: KioskId,
    /// What it is called.
    pub kiosk_name: String,
    /// The station it stands at: a preset, not a right.
    pub station_id: Option<StationId>,
    /// The highest `seq` the server has from it; 0 for none.
    #[ts(type = "number")]
    pub last_seq: u64,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees the floor and acts on it.
    Supervisor,
    /// Manages everything besides.
    Admin,
}

/// A person with a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// What they log in with.
    pub username: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// `POST /api/admin/login`
#[derive(Clone, Serialize, Deserialize, ToSchema, TS)]
pub struct UserLogin {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
    /// From a browser: keep the token in a cookie that no script can read.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub cookie: bool,
}

/// The answer to a supervisor's login.
#[derive(Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserLoggedIn {
    /// The secret; absent in the cookie form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub token: Option<String>,
    /// Until when the login holds.
    pub expires_at: Timestamp,
    /// Who logged in.
    pub user: User,
}

/// `GET /api/admin/me`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserSelf {
    /// Who is logged in.
    pub user: User,
    /// Until when the login holds.
    pub expires_at: Timestamp,
}

/// `POST /api/admin/enrolment-codes`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentCodeRequest {
    /// What the kiosk is to be called; at most 80 characters.
    pub kiosk_name: String,
    /// The station it is to stand at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub station_id: Option<StationId>,
}

/// A one-time code that makes a device a kiosk.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentCode {
    /// Its id, to revoke it.
    pub id: EnrolmentCodeId,
    /// The code, to be typed at the kiosk.
    pub code: String,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}
