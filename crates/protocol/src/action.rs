//! Worker actions: what a worker taps, numbered, claimed and timed by his kiosk.
//!
//! Their bodies take no member they don't know: what a later kiosk counts must not be lost without a word.

use crate::ids::{InstanceId, QuarantineId, ReasonId, SessionId, StatusDefinitionId};
use crate::session::Session;
use crate::status::StatusEvent;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// How the kiosk knew the time of a tap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ClockSource {
    /// By an offset to the server learnt in the same boot.
    #[default]
    Synced,
    /// By the wall clocks only.
    Estimated,
}

/// What every worker action carries: its number, the claim it is made under, and when it was tapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActionStamp {
    /// Counts up per kiosk, from 1. The server keeps the answer to each for ever.
    #[ts(type = "number")]
    pub seq: u64,
    /// The claim's instance.
    pub instance_id: InstanceId,
    /// The claim's epoch.
    pub epoch: u32,
    /// When it was tapped, on the server's clock as the kiosk knew it.
    pub occurred_at: Timestamp,
    /// When it was tapped, on the kiosk's own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub wall_at: Option<Timestamp>,
    /// How the kiosk knew `occurredAt`.
    #[serde(default)]
    #[ts(optional, as = "Option<ClockSource>")]
    pub clock: ClockSource,
}

/// What became of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is live.
    Applied,
    /// It is history: the kiosk no longer owned the session, but did when it was tapped.
    Late,
    /// It waits for a supervisor.
    Quarantined,
}

/// The answer to a worker action that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActionAnswer {
    /// What became of it.
    pub outcome: Outcome,
    /// This answer was given before; there was no second effect.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub repeat: bool,
    /// The session after it, where it was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub session: Option<Session>,
    /// The status event it made or changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub status_event: Option<StatusEvent>,
    /// Where it waits for a supervisor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quarantine_id: Option<QuarantineId>,
    /// When it counts from, where that is over 2 s from `occurredAt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub shifted_to: Option<Timestamp>,
}

/// `POST /api/status-events`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusChangeRequest {
    /// The session.
    pub session_id: SessionId,
    /// The status it is in from now on.
    pub status_definition_id: StatusDefinitionId,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason_id: Option<ReasonId>,
    /// What the worker adds, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
    /// The claim, and when it was tapped.
    pub action: ActionStamp,
}

/// `POST /api/status-events/{id}/reason`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReasonRequest {
    /// The session of the status event.
    pub session_id: SessionId,
    /// Why.
    pub reason_id: ReasonId,
    /// What the worker adds, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
    /// The claim, and when it was tapped.
    pub action: ActionStamp,
}
