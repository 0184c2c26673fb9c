//! What wakes the owner: commands that are given, and calls that come back.

use super::office::Word;
use crate::client::CallError;
use crate::engine::{CommandError, StatusChange};
use crate::store::{Claim, Identity, Opening};
use crate::stream::Subscription;
use crate::view::{Ending, ItemChoice, Requests, StationItems, TakingOver};
use millrace_protocol::access::{Enrolled, KioskSelf};
use millrace_protocol::action::ActionAnswer;
use millrace_protocol::checklist::{ChecklistAnswers, StationChecklists};
use millrace_protocol::planning::StationJobItem;
use millrace_protocol::provisions::Provisions;
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::ReportDraft;
use millrace_protocol::session::{Claimed, HeartbeatAnswer};
use millrace_protocol::station::StationChoice;
use millrace_protocol::status::{Reason, ReasonType, StatusDefinition};
use millrace_protocol::time::Timestamp;
use millrace_protocol::worker::{ActiveSession, Worker, WorkerLogin, WorkerSignedIn};
use millrace_protocol::{CallId, Code, MessageId, ReasonId, StationId, StatusEventId, WorkerId};
use std::time::Duration;
use tokio::sync::oneshot;

/// Where the outcome of a command goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, CommandError>>;

/// What the engine is told to do.
pub(crate) enum Command {
    Enroll { server_url: String, code: String, reply: Reply<()> },
    Adopt { identity: Identity, reply: Reply<()> },
    SignIn { login: WorkerLogin, reply: Reply<()> },
    SignOut { reply: Reply<()> },
    Stations { reply: Reply<Vec<StationChoice>> },
    Pipeline { reply: Reply<Subscription> },
    Statuses { station: StationId, reply: Reply<Vec<StatusDefinition>> },
    Reasons { station: StationId, kind: ReasonType, reply: Reply<Vec<Reason>> },
    JobItems { station: StationId, reply: Reply<StationItems> },
    Checklists { station: StationId, reply: Reply<StationChecklists> },
    Requests { reply: Reply<Requests> },
    Claim { asked: Asked, reply: Reply<()> },
    Tap { tap: Tap, reply: Reply<()> },
    AcknowledgeEnded { reply: Reply<()> },
    AcknowledgeUnsaid { seqs: Vec<u64>, reply: Reply<()> },
    ConfirmMessage { message: MessageId, reply: Reply<()> },
}

/// Without secrets.
impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Command")
    }
}

/// Which session a worker wants to own, and what he brings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Open(StationId, Option<ChecklistAnswers>),
    Resume,
    Discard,
    /// The session that was closed for want of contact goes on here.
    ContinueHere,
    /// The session that was closed for want of contact ended then.
    EndedAt(Timestamp),
    HandOver(TakingOver),
}

/// What a worker tapped.
#[derive(Debug, Clone)]
pub(crate) enum Tap {
    Status(StatusChange),
    Reason { event: StatusEventId, reason: ReasonId, note: Option<String> },
    Count(Quantities),
    Report(ReportDraft),
    Bind(ItemChoice),
    Unbind,
    AskApproval { note: Option<String> },
    Call { note: Option<String> },
    CancelCall(CallId),
    StillHere,
    Undo,
    End(Ending),
    Abandon,
}

/// What was so when a call was made: its answer is judged by it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Since {
    /// When, on the steady clock.
    pub(super) at: Duration,
    /// The highest number that the server had taken by then.
    pub(super) taken: u64,
}

/// A claim that is being asked for.
pub(super) struct Flight {
    pub(super) opening: Opening,
    /// An earlier one with the same ids may have been taken, whatever comes of this one.
    pub(super) again: bool,
}

/// A call that came back.
pub(super) enum Landed {
    Enrolled {
        server_url: String,
        result: Result<Enrolled, CallError>,
        reply: Reply<()>,
    },
    SignedIn {
        since: Since,
        login: WorkerLogin,
        result: Box<Result<WorkerSignedIn, CallError>>,
        reply: Reply<()>,
    },
    /// A PIN was looked at without the server.
    Recognised {
        worker: Worker,
        login: WorkerLogin,
        right: bool,
        reply: Reply<()>,
    },
    /// The server was told of a sign-in that was made without it.
    Verified {
        worker: WorkerId,
        since: Since,
        login: WorkerLogin,
        result: Box<Result<WorkerSignedIn, CallError>>,
    },
    Provided(Box<Result<Provisions, CallError>>),
    Resumable(Box<Result<ActiveSession, CallError>>),
    Claimed {
        flight: Flight,
        since: Since,
        result: Box<Result<Claimed, CallError>>,
        /// Absent where nobody asked but the process that ended before the answer came.
        reply: Option<Reply<()>>,
    },
    Beat {
        claim: Box<Claim>,
        since: Since,
        result: Result<HeartbeatAnswer, CallError>,
    },
    Greeted {
        since: Since,
        result: Result<KioskSelf, CallError>,
    },
    Sent {
        id: i64,
        result: Box<Result<ActionAnswer, CallError>>,
    },
    Statuses {
        station: StationId,
        statuses: Vec<StatusDefinition>,
        reply: Option<Reply<Vec<StatusDefinition>>>,
    },
    Items {
        station: StationId,
        items: Vec<StationJobItem>,
        reply: Option<Reply<StationItems>>,
    },
    /// The office was told that a message was shown or confirmed.
    Told {
        message: MessageId,
        word: Word,
        result: Result<(), CallError>,
    },
    Heard(Heard),
    /// Work beside the calls.
    Done,
}

/// What a call says about the link, whatever else it was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    Answer,
    Silence,
    /// It says that the worker is not signed in (any more).
    NoWorker,
}

impl Heard {
    /// As [`Heard::of`], for a call that needs the worker's sign-in.
    pub(super) fn for_worker<T>(result: &Result<T, CallError>) -> Self {
        match result {
            Err(error) if error.code() == Some(Code::Unauthenticated) => Self::NoWorker,
            Ok(_) | Err(_) => Self::of(result),
        }
    }

    pub(super) fn of<T>(result: &Result<T, CallError>) -> Self {
        match result {
            Err(error) if !error.is_answer() => Self::Silence,
            Ok(_) | Err(_) => Self::Answer,
        }
    }
}
