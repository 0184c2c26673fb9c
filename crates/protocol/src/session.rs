//! Sessions: a worker at a station, from opening to end.

use crate::action::{ActionAnswer, ActionStamp};
use crate::checklist::ChecklistAnswers;
use crate::ids::{InstanceId, JobId, JobItemId, KioskId, SessionId, StationId, StatusDefinitionId, StepId, WorkerId};
use crate::quantity::Quantities;
use crate::status::CurrentStatus;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Where a session stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum SessionStatus {
    /// Open.
    Active,
    /// Ended in the ordinary way, or for want of contact.
    Completed,
    /// Ended by a supervisor, or given up by the worker.
    Aborted,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum CloseReason {
    /// By the worker.
    Completed,
    /// By the next worker, who took the machine over.
    Handover,
    /// By the server, for want of contact.
    Idle,
    /// By the server, long past the shift's end.
    Forgotten,
    /// By a supervisor.
    Forced,
    /// By the worker, who had started it by mistake.
    Abandoned,
}

/// Whether the kiosk of a session is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum Contact {
    /// Heard within two intervals.
    Online,
    /// Not heard for two intervals (30 s).
    Stale,
    /// Not heard for 2 min, or it said goodbye.
    Lost,
}

/// Pieces counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Totals {
    /// Good pieces.
    #[ts(type = "number")]
    pub good: u64,
    /// Scrap.
    #[ts(type = "number")]
    pub scrap: u64,
}

/// A session as boards and kiosks see it. It mirrors its current status, so that a board needs no join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The worker.
    pub worker_id: WorkerId,
    /// The worker's code when the session was opened.
    pub worker_code: String,
    /// The worker's name when the session was opened.
    pub worker_name: String,
    /// The station.
    pub station_id: StationId,
    /// The station's code when the session was opened.
    pub station_code: String,
    /// The station's name when the session was opened.
    pub station_name: String,
    /// The station's area, by name.
    pub area_name: Option<String>,
    /// The job in work.
    pub job_id: Option<JobId>,
    /// Its number.
    pub job_number: Option<String>,
    /// The job item in work.
    pub job_item_id: Option<JobItemId>,
    /// Its name.
    pub job_item_name: Option<String>,
    /// Its step at this station.
    #[serde(default)]
    pub step_id: Option<StepId>,
    /// Whether the worker is not meant for this station, but was let.
    #[serde(default)]
    pub outside_assignment: bool,
    /// Open or how ended.
    pub status: SessionStatus,
    /// Why it ended.
    pub close_reason: Option<CloseReason>,
    /// Whether the server closed it for want of contact, so that its kiosk may still bring it back.
    pub provisional: bool,
    /// The status it is in.
    pub current_status_id: Option<StatusDefinitionId>,
    /// That status, as a board shows it.
    pub current_status: Option<CurrentStatus>,
    /// Since when.
    pub last_status_change_at: Timestamp,
    /// From when on the current stretch counts as a stop without a reason; absent where none is missing. A stop that
    /// ends before asks nothing.
    #[serde(default)]
    pub reason_missing_from: Option<Timestamp>,
    /// When it was opened.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whether its kiosk is heard.
    pub contact: Contact,
    /// When its kiosk was last heard; absent while it is online.
    pub last_contact_at: Option<Timestamp>,
    /// Pieces counted in it.
    pub totals: Totals,
    /// Whether pieces were made in it that nobody counted.
    #[serde(default)]
    pub count_missing: bool,
    /// Malfunctions reported in it.
    pub malfunction_count: u32,
    /// Since when its kiosk asks whether somebody is still there.
    #[serde(default)]
    pub asked_at: Option<Timestamp>,
    /// Whether it was opened by a kiosk that had no server, or told anew to one restored from a backup.
    #[serde(default)]
    pub started_offline: bool,
    /// When it came back after it had been closed for want of contact; the latest time, where there were more.
    #[serde(default)]
    pub recovered_at: Option<Timestamp>,
    /// Since when nobody has touched its kiosk, where that is longer than its station allows.
    #[serde(default)]
    pub untouched_since: Option<Timestamp>,
    /// Counts the changes of this row.
    pub version: u32,
}

/// For how long the claim on a session holds, and when to be heard next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Lease {
    /// Milliseconds without contact after which the session is closed provisionally.
    #[ts(type = "number")]
    pub ttl_ms: u64,
    /// Milliseconds until the next heartbeat is wanted.
    #[ts(type = "number")]
    pub next_ms: u64,
}

/// `POST /api/sessions`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenRequest {
    /// Where.
    pub station_id: StationId,
    /// Who claims it: made anew by the client for each opening, kept with the claim.
    pub instance_id: InstanceId,
    /// The station's list at the start, answered, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub checklist: Option<ChecklistAnswers>,
    /// The id its kiosk gave the session. One that started without the server has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<SessionId>,
    /// From a kiosk that started without the server: when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub action: Option<ActionStamp>,
}

/// A claimed session: the answer to opening, takeover and handover.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Claimed {
    /// The session.
    pub session: Session,
    /// Counts the claims on it: 1, 2, 3 …
    pub epoch: u32,
    /// How long the claim holds.
    pub lease: Lease,
    /// The server's clock.
    pub server_time: Timestamp,
    /// The highest `seq` the server has from this kiosk; 0 for none.
    #[ts(type = "number")]
    pub last_seq: u64,
}

/// The answer to an opening or a handover that waited in the outbox of a kiosk without the server: a worker action's,
/// and, where it was applied, a claim's.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenedOffline {
    /// What became of it, with the session that opened.
    #[serde(flatten)]
    pub answer: ActionAnswer,
    /// The claim's epoch: 1.
    pub epoch: u32,
    /// How long the claim holds.
    pub lease: Lease,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// `POST /api/sessions/heartbeat`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeartbeatRequest {
    /// The session.
    pub session_id: SessionId,
    /// Who claims it.
    pub instance_id: InstanceId,
    /// The claim's epoch; where it is left out the instance alone decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub epoch: Option<u32>,
    /// The window is being closed: contact is lost at once, and nothing is prolonged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub closing: bool,
}

/// The answer to a heartbeat of the owner.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeartbeatAnswer {
    /// Always true; what is wrong comes as a problem.
    pub ok: bool,
    /// The claim's epoch.
    pub epoch: u32,
    /// How long the claim holds from now.
    pub lease: Lease,
    /// The server's clock.
    pub server_time: Timestamp,
    /// The highest `seq` the server has from this kiosk; 0 for none.
    #[ts(type = "number")]
    pub last_seq: u64,
}

/// Who owns a session now: what `INSTANCE_MISMATCH` adds, as `owner`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Owner {
    /// The kiosk that owns it.
    pub kiosk_id: KioskId,
    /// What the kiosk is called.
    pub kiosk_name: String,
    /// The owner's epoch.
    pub epoch: u32,
    /// Since when.
    pub since: Timestamp,
}

/// `POST /api/sessions/takeover`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct TakeoverRequest {
    /// The session.
    pub session_id: SessionId,
    /// Who claims it from now on.
    pub instance_id: InstanceId,
    /// What to do with it in the same transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub then: Option<ThenAction>,
    /// With `then: "complete"`: when it ended, as its worker knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ended_at: Option<Timestamp>,
}

/// What a takeover does besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ThenAction {
    /// Discard the session.
    Abandon,
    /// The session is over already: `endedAt` says since when.
    Complete,
}

/// `POST /api/sessions/handover`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandoverRequest {
    /// The session at this station that ends.
    pub session_id: SessionId,
    /// The station.
    pub station_id: StationId,
    /// Who claims the session that opens.
    pub instance_id: InstanceId,
    /// What running production had made, counted by the next worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quantities: Option<Quantities>,
    /// He could not count it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quantities_unknown: Option<bool>,
    /// The station's list at the start of the next worker, answered, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub checklist: Option<ChecklistAnswers>,
    /// The id its kiosk gave the session that opens. One without the server has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<SessionId>,
    /// From a kiosk without the server: under which claim on the ending session, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub action: Option<ActionStamp>,
}

/// `POST /api/sessions/complete`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompleteRequest {
    /// The session.
    pub session_id: SessionId,
    /// When it ended, where that is not when it was tapped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ended_at: Option<Timestamp>,
    /// What running production had made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quantities: Option<Quantities>,
    /// The station's list at the end, answered, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub checklist: Option<ChecklistAnswers>,
    /// The claim, and when it was tapped.
    pub action: ActionStamp,
}

/// `POST /api/cron/close-idle-sessions`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct SweepAnswer {
    /// How many open sessions were looked at.
    #[ts(type = "number")]
    pub checked: u64,
    /// How many of them were closed.
    #[ts(type = "number")]
    pub closed: u64,
    /// Which.
    pub closed_ids: Vec<SessionId>,
}
