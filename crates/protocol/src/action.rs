//! Worker actions: what a worker taps, numbered, claimed and timed by his kiosk.
//!
//! Their bodies take no member they don't know: what a later kiosk counts must not be lost without a word.

use crate::error::Problem;
use crate::floor::{Approval, Call};
use crate::ids::{InstanceId, JobItemId, QuarantineId, ReasonId, SessionId, StatusDefinitionId, StepId};
use crate::quantity::{Quantities, QuantityEntry};
use crate::report::{Report, ReportDraft};
use crate::session::Session;
use crate::status::StatusEvent;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    /// Since when the program that took the tap had been running without a break, on the server's clock. Where a session
    /// comes back that was closed for want of contact, what it did before is not known; without it, up to `occurredAt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub running_since: Option<Timestamp>,
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
    /// The entry it made in the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub entry: Option<QuantityEntry>,
    /// The reports it made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Report>>")]
    pub reports: Vec<Report>,
    /// The approval it asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub approval: Option<Approval>,
    /// The call it made or took back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub call: Option<Call>,
    /// Where it waits for a supervisor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quarantine_id: Option<QuarantineId>,
    /// When it counts from, where that is over 2 s from `occurredAt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub shifted_to: Option<Timestamp>,
}

impl ActionAnswer {
    /// An answer that says no more than what became of it.
    #[must_use]
    pub fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            repeat: false,
            session: None,
            status_event: None,
            entry: None,
            reports: vec![],
            approval: None,
            call: None,
            quarantine_id: None,
            shifted_to: None,
        }
    }
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
    /// What production had made, where it is left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quantities: Option<Quantities>,
    /// The report that the status wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub report: Option<ReportDraft>,
    /// What the worker adds, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
    /// The claim, and when it was tapped.
    pub action: ActionStamp,
}

/// `POST /api/sessions/quantities`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountRequest {
    /// The session.
    pub session_id: SessionId,
    /// What was made since the last count.
    pub quantities: Quantities,
    /// The claim, and when it was tapped.
    pub action: ActionStamp,
}

/// `POST /api/reports`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportRequest {
    /// The session.
    pub session_id: SessionId,
    /// The report.
    pub report: ReportDraft,
    /// The claim, and when it was tapped.
    pub action: ActionStamp,
}

/// `POST /api/sessions/bind-job-item`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BindRequest {
    /// The session.
    pub session_id: SessionId,
    /// The item that is worked on from now on.
    pub job_item_id: JobItemId,
    /// Its step at this station.
    pub step_id: StepId,
    /// What production had made of the item before, where one was in work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quantities: Option<Quantities>,
    /// The claim, and when it was tapped.
    pub action: ActionStamp,
}

/// `POST /api/calls`, `POST /api/approvals`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CallRequest {
    /// The session.
    pub session_id: SessionId,
    /// What the worker adds, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
    /// The claim, and when it was tapped.
    pub action: ActionStamp,
}

/// An action that says no more than which session: `POST /api/sessions/abandon`, `/unbind-job-item`, `/still-here`,
/// `POST /api/calls/{id}/cancel`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlainRequest {
    /// The session.
    pub session_id: SessionId,
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

/// `POST /api/sessions/reopen`: a session that was closed for want of contact goes on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReopenRequest {
    /// The session.
    pub session_id: SessionId,
    /// Since when the kiosk's program has been running without a break: from then on it knows what the machine did.
    pub running_since: Timestamp,
    /// The claim, and when it came back.
    pub action: ActionStamp,
}

/// `POST /api/actions/undo`: the kiosk's last change of status, count or report is taken back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UndoRequest {
    /// The number of the action that is taken back.
    #[ts(type = "number")]
    pub undoes: u64,
    /// The claim, and when it was tapped: at most 10 s after what it takes back.
    pub action: ActionStamp,
}

/// `POST /api/actions/park`: an entry of a kiosk's outbox that can't be applied and that nobody can be told of any more.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ParkRequest {
    /// The entry's own number.
    #[ts(type = "number")]
    pub seq: u64,
    /// Where it was sent to.
    pub path: String,
    /// What was sent, as it was.
    #[schema(value_type = Object)]
    #[ts(type = "unknown")]
    pub body: Value,
    /// What stands against it.
    pub problem: Problem,
}
