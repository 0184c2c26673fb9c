//! What the kiosk shows: one value, made by the engine, drawn by the UI.
//!
//! The same types are the IPC between the shell and its page, so they derive TypeScript.

use crate::store::{Kind, Settled};
use millrace_protocol::checklist::ChecklistAnswers;
use millrace_protocol::floor::{Approval, ApprovalStanding, Call, Message};
use millrace_protocol::planning::StationJobItem;
use millrace_protocol::quantity::Quantities;
use millrace_protocol::session::{CloseReason, Session};
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;
use millrace_protocol::worker::{Resumable, Worker};
use millrace_protocol::{Code, JobItemId, KioskId, SessionId, StationId, StepId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything a kiosk's screens depend on. A new one replaces the old one whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KioskView {
    /// Which kiosk this is; absent until it is enrolled.
    pub kiosk: Option<KioskIdentity>,
    /// How it stands with the server.
    pub link: Link,
    /// How many actions are saved here and not yet sent.
    pub waiting: u32,
    /// Why the queue stands still, where it does.
    pub hold: Option<Notice>,
    /// Why this kiosk's disk can't be used, where it can't: nothing is saved until it can.
    pub disk: Option<Notice>,
    /// Who is signed in.
    pub worker: Option<Worker>,
    /// He was signed in while the server was away: this kiosk knows him, the server has not been asked.
    pub unverified: bool,
    /// What the signed-in worker may resume, take over or discard. Absent while a session is running here.
    pub resumable: Option<Resumable>,
    /// A session of the signed-in worker's that was closed for want of contact: he goes on with it here, or says when
    /// it ended. Absent while a session is running here.
    pub provisional: Option<Session>,
    /// The session this kiosk owns.
    pub session: Option<OwnSession>,
    /// How this kiosk lost its session; stays until the worker has seen it.
    pub ended: Option<Ended>,
    /// What became of the latest action.
    pub last_action: Option<LastAction>,
    /// What became of earlier actions, where it went otherwise than their worker was told; stays until somebody has
    /// seen it. The oldest first.
    pub unsaid: Vec<Unsaid>,
    /// What can be taken back now.
    pub undo: Option<UndoOffer>,
    /// What this kiosk keeps on its disk to go on with at its station while the server is away; absent where it has
    /// never got any, or stands at no station.
    pub provisions: Option<Provided>,
    /// What was sent to this kiosk and nobody here has confirmed, the oldest first.
    pub messages: Vec<Message>,
    /// Milliseconds to add to this device's clock to have the server's.
    #[ts(type = "number")]
    pub server_offset_ms: i64,
}

/// Which kiosk this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KioskIdentity {
    /// Its id.
    pub id: KioskId,
    /// What it is called.
    pub name: String,
    /// The station it stands at.
    pub station_id: Option<StationId>,
    /// The server it belongs to; empty in a browser, where it is the page's own.
    pub server_url: String,
}

/// How a kiosk stands with its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// What is known.
    pub state: LinkState,
    /// Since when.
    pub since: Timestamp,
}

/// Whether the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum LinkState {
    /// Not known yet.
    Connecting,
    /// It answered the last time.
    Online,
    /// It did not.
    Offline,
    /// It answered that it does not know this kiosk (any more).
    Refused,
}

/// A session this kiosk owns, with its claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnSession {
    /// The session as this kiosk knows it: what was sent, and what is saved here on top of it.
    pub session: Session,
    /// The claim's epoch.
    pub epoch: u32,
    /// The open status event as the server answered it: what a reason is given to afterwards. Absent while the
    /// change waits to be sent, and where this kiosk did not make it.
    pub status_event: Option<StatusEvent>,
    /// A call to the supervisor is saved here and not yet sent.
    pub calling: bool,
    /// A request for the approval of the first product is saved here and not yet sent.
    pub asking: bool,
    /// It was opened here while the server was away, and the server does not know of it yet.
    pub unsent: bool,
}

/// What a kiosk has on its disk for when the server is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Provided {
    /// When the server told it.
    pub known_as_of: Timestamp,
    /// Whether a session may be started with it.
    pub offline_start: bool,
}

/// What can be made at a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StationItems {
    /// Open ones first, completed ones after.
    pub items: Vec<StationJobItem>,
    /// When the server told them, where it can't be asked now; absent while they are fresh.
    pub as_of: Option<Timestamp>,
}

/// What the session waits for a supervisor to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Requests {
    /// The call that is not over.
    pub call: Option<Call>,
    /// Where the approval stands for the item in work.
    pub standing: ApprovalStanding,
    /// The latest request for the approval of the item in work.
    pub approval: Option<Approval>,
}

impl Requests {
    /// Nothing is waited for.
    #[must_use]
    pub fn none() -> Self {
        Self { call: None, standing: ApprovalStanding::None, approval: None }
    }
}

/// What a worker enters when he ends his session.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ending {
    /// What running production had made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quantities: Option<Quantities>,
    /// The station's list at the end, answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub checklist: Option<ChecklistAnswers>,
}

/// What the next worker enters when he takes the machine over.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakingOver {
    /// What running production had made, as he counted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quantities: Option<Quantities>,
    /// He could not count it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub quantities_unknown: bool,
    /// The station's list at the start, answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub checklist: Option<ChecklistAnswers>,
}

/// The item a worker chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ItemChoice {
    /// The item.
    pub job_item_id: JobItemId,
    /// Its step at this station.
    pub step_id: StepId,
    /// What running production had made of the item before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub quantities: Option<Quantities>,
}

/// How a kiosk lost its session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind", rename_all_fields = "camelCase")]
pub enum Ended {
    /// Another kiosk or tab took it over.
    Transferred {
        /// The session.
        session_id: SessionId,
        /// The kiosk that has it now; absent where it is not known.
        kiosk_name: Option<String>,
        /// When; absent where it is not known.
        at: Option<Timestamp>,
        /// How many actions were still waiting to be sent.
        waiting: u32,
    },
    /// It was closed.
    Closed {
        /// The session.
        session_id: SessionId,
        /// Why.
        reason: Option<CloseReason>,
        /// The supervisor who closed it, where one did and it is known.
        #[serde(default)]
        by: Option<String>,
        /// What he said why.
        #[serde(default)]
        note: Option<String>,
        /// When; absent where it is not known.
        at: Option<Timestamp>,
        /// What stood in the way of going on with it, where something did.
        problem: Option<Notice>,
        /// How many actions were still waiting to be sent.
        waiting: u32,
    },
    /// It was opened here while the server was away, and worker or station turned out to be taken: all of it lies with
    /// the supervisor.
    Quarantined {
        /// The session.
        session_id: SessionId,
        /// What stood against it, where that is known.
        problem: Option<Notice>,
        /// How many actions were still waiting to be sent.
        waiting: u32,
    },
}

/// What became of an action whose worker has not been told yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Unsaid {
    /// Its number.
    #[ts(type = "number")]
    pub seq: u64,
    /// What it was; absent where that can't be read.
    pub kind: Option<Kind>,
    /// What became of it.
    pub state: ActionState,
    /// What stood against it.
    pub problem: Option<Notice>,
    /// When it was tapped, on the server's clock.
    pub at: Timestamp,
    /// Whose it was, by name; absent where it is not known any more.
    pub worker: Option<String>,
}

/// What became of the latest action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LastAction {
    /// Its number.
    #[ts(type = "number")]
    pub seq: u64,
    /// Where it stands.
    pub state: ActionState,
    /// What the server said against it.
    pub problem: Option<Notice>,
}

/// Where an action stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ActionState {
    /// On this kiosk's disk, not yet sent.
    Saved,
    /// Live on the server.
    Applied,
    /// In history, not live.
    Late,
    /// Waiting for a supervisor.
    Quarantined,
    /// Against a rule.
    Refused,
    /// Against a rule, with nobody there to be told: it lies with the supervisor as it is.
    Parked,
    /// It can't be read from this kiosk's disk any more: it was set aside and not sent.
    Broken,
}

impl From<Settled> for ActionState {
    fn from(how: Settled) -> Self {
        match how {
            Settled::Applied => Self::Applied,
            Settled::Late => Self::Late,
            Settled::Quarantined => Self::Quarantined,
            Settled::Refused => Self::Refused,
            Settled::Parked => Self::Parked,
        }
    }
}

/// What can be taken back for a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UndoOffer {
    /// The number of the action.
    #[ts(type = "number")]
    pub seq: u64,
    /// What it was.
    pub kind: UndoKind,
    /// Until when, on the server's clock.
    pub until: Timestamp,
}

/// What kind of action can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum UndoKind {
    /// A change of status.
    Status,
    /// A count.
    Count,
    /// A report.
    Report,
}

impl UndoKind {
    /// Nothing for what can't be taken back.
    #[must_use]
    pub fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Status => Some(Self::Status),
            Kind::Count => Some(Self::Count),
            Kind::Report => Some(Self::Report),
            _ => None,
        }
    }
}

/// Something to say: a stable code for the UI's own words, and the server's words beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notice {
    /// The stable code.
    pub code: Code,
    /// What is wrong and what to do, in English.
    pub detail: String,
}
