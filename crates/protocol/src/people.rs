//! Workers, their badges, and users, as they are managed. How a kiosk sees a worker is in `worker`.

use crate::access::Role;
use crate::ids::{BadgeId, StationId, UserId, WorkerId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorkerRecord {
    /// His id.
    pub id: WorkerId,
    /// Short unique name: an identifier, never a secret.
    pub code: String,
    /// His name.
    pub name: String,
    /// Where he belongs.
    pub department: Option<String>,
    /// The language he reads: `en`, `he`, …
    pub language: String,
    /// Whether his sign-in asks for a PIN. The PIN itself is never read back.
    pub has_pin: bool,
    /// Whether he may sign in.
    pub active: bool,
    /// The stations he is meant for; none: all.
    pub station_ids: Vec<StationId>,
    /// Whether other stations are refused. Otherwise they are allowed and the session is marked.
    pub strict_stations: bool,
    /// Counts his changes: what `If-Match` names.
    pub version: u32,
}

/// What a worker is to be: `POST` and `PUT` of `/api/admin/workers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkerDraft {
    /// Short unique name: 1 to 40 characters without blanks. Digits, so that any numpad can type it.
    pub code: String,
    /// His name; 1 to 80 characters.
    pub name: String,
    /// Where he belongs.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub department: Option<String>,
    /// The language he reads: a tag as `en` or `he`.
    pub language: String,
    /// Whether he may sign in; he may where this is absent.
    #[serde(default = "crate::yes")]
    #[ts(optional, as = "Option<bool>")]
    pub active: bool,
    /// The stations he is meant for; none: all.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<StationId>>")]
    pub station_ids: Vec<StationId>,
    /// Whether other stations are refused.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub strict_stations: bool,
}

/// `PUT /api/admin/workers/{id}/pin`
#[derive(Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct PinDraft {
    /// 4 to 12 digits.
    pub pin: String,
}

/// A badge of a worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Badge {
    /// Its id.
    pub id: BadgeId,
    /// Whose it is.
    pub worker_id: WorkerId,
    /// The end of what the reader types, to tell it from another. All of it is nowhere.
    pub hint: String,
    /// From when it signs in.
    pub valid_from: Timestamp,
    /// Until when; absent: until it is revoked.
    pub valid_to: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// `GET /api/admin/workers/{id}/badges`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct BadgeList {
    /// By the beginning of their validity.
    pub badges: Vec<Badge>,
}

/// `POST /api/admin/workers/{id}/badges`
#[derive(Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BadgeDraft {
    /// What the reader types: 4 to 128 characters. Only its digest is stored.
    pub code: String,
    /// From when it signs in; absent: from now on.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub valid_from: Option<Timestamp>,
    /// Until when; absent: until it is revoked.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub valid_to: Option<Timestamp>,
}

/// A person with a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserRecord {
    /// Their id.
    pub id: UserId,
    /// What they log in with.
    pub username: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may log in.
    pub active: bool,
    /// The worker they are on the floor: with his badge and PIN they approve at a kiosk.
    pub worker_id: Option<WorkerId>,
    /// Counts their changes: what `If-Match` names.
    pub version: u32,
}

/// What a user is to be: `PUT /api/admin/users/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserDraft {
    /// What they log in with: 1 to 60 characters without blanks.
    pub username: String,
    /// Their name; 1 to 80 characters.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may log in; they may where this is absent.
    #[serde(default = "crate::yes")]
    #[ts(optional, as = "Option<bool>")]
    pub active: bool,
    /// The worker they are on the floor.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub worker_id: Option<WorkerId>,
}

/// A new user: `POST /api/admin/users`.
#[derive(Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUser {
    /// What they log in with: 1 to 60 characters without blanks.
    pub username: String,
    /// Their name; 1 to 80 characters.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may log in; they may where this is absent.
    #[serde(default = "crate::yes")]
    #[ts(optional, as = "Option<bool>")]
    pub active: bool,
    /// The worker they are on the floor.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub worker_id: Option<WorkerId>,
    /// 10 to 200 characters.
    pub password: String,
}

/// `PUT /api/admin/users/{id}/password`
#[derive(Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct PasswordDraft {
    /// 10 to 200 characters.
    pub password: String,
}
