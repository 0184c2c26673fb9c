//! The engine as its callers see it: commands in, one view out.
//!
//! The work is done by one task, the session's owner; this is its handle, cheap to clone.

use crate::boot::{Boot, SystemBoot};
use crate::client::CallError;
use crate::owner::{Asked, Command, Owner, Reply, Tap, disk, nothing};
use crate::store::{Identity, Store, StoreError};
use crate::stream::Subscription;
use crate::view::{Ending, ItemChoice, KioskView, Requests, StationItems, TakingOver};
use millrace_domain::{Chance, Clock};
use millrace_protocol::checklist::{ChecklistAnswers, StationChecklists};
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::ReportDraft;
use millrace_protocol::station::StationChoice;
use millrace_protocol::status::{Reason, ReasonType, StatusDefinition};
use millrace_protocol::time::Timestamp;
use millrace_protocol::worker::WorkerLogin;
use millrace_protocol::{CallId, Code, MessageId, Problem, ReasonId, StationId, StatusDefinitionId, StatusEventId};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many commands may wait for the owner. A person at a screen is never that fast.
const COMMANDS: usize = 32;

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The server was asked and did not say yes.
    #[error(transparent)]
    Call(#[from] CallError),
    /// This kiosk's disk refused. Nothing was saved.
    #[error("nothing was saved: {0}")]
    Store(#[from] StoreError),
    /// The engine itself said no.
    #[error("{}", .0.detail)]
    Refused(Box<Problem>),
    /// This kiosk's disk can't be used at all, so there is no engine yet. Nothing was saved.
    #[error("nothing was saved: the kiosk's disk can't be used")]
    NoDisk,
    /// The engine is being stopped.
    #[error("the kiosk is being closed")]
    Stopped,
}

impl CommandError {
    pub(crate) fn refused(code: Code, detail: &str) -> Self {
        Self::Refused(Box::new(Problem::new(code, detail)))
    }

    /// The same as a problem, for a screen.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::Call(error) => error.problem(),
            Self::Refused(problem) => (**problem).clone(),
            Self::Store(_) | Self::NoDisk => Problem::new(
                Code::Disk,
                "This kiosk's disk can't be written, so nothing was saved. Tell your supervisor.",
            ),
            Self::Stopped => Problem::new(Code::Unavailable, "The kiosk is being closed."),
        }
    }
}

/// What a status tile sends.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusChange {
    /// The status from now on.
    pub status_definition_id: StatusDefinitionId,
    /// Why.
    #[serde(default)]
    pub reason_id: Option<ReasonId>,
    /// What the worker adds.
    #[serde(default)]
    pub note: Option<String>,
    /// What production had made, where it is left.
    #[serde(default)]
    pub quantities: Option<Quantities>,
    /// The report that the status wants.
    #[serde(default)]
    pub report: Option<ReportDraft>,
}

impl StatusChange {
    /// A change that says no more than which status.
    #[must_use]
    pub fn to(status_definition_id: StatusDefinitionId) -> Self {
        Self { status_definition_id, reason_id: None, note: None, quantities: None, report: None }
    }
}

/// How long a disk that can't be used is left alone.
const TRY: Duration = Duration::from_secs(10);

/// All that is on the disk; nothing where it can't be used, which is said.
async fn recalled(
    path: &Path,
    clock: &Arc<dyn Clock>,
    chance: &Arc<dyn Chance>,
    shown: &watch::Sender<KioskView>,
) -> Option<Owner> {
    let boot = Arc::new(SystemBoot::current());
    let recalled = match Store::open(path).await {
        Ok(store) => Owner::recall(store, clock.clone(), boot, chance.clone(), shown.clone()).await,
        Err(error) => Err(error.into()),
    };
    recalled
        .inspect_err(|error| {
            tracing::error!(%error, "the kiosk's disk can't be used");
            shown.send_modify(|view| view.disk = Some(disk::unusable()));
        })
        .ok()
}

/// Refuses what comes until the disk is to be tried again. Whether it is: not where the engine is being stopped.
async fn refuse(inbox: &mut mpsc::Receiver<Command>, ended: &CancellationToken, clock: &dyn Clock) -> bool {
    let again = clock.sleep(TRY);
    tokio::pin!(again);
    loop {
        tokio::select! {
            () = ended.cancelled() => return false,
            // Whoever asked hears that nobody answers, and the view says why.
            command = inbox.recv() => if command.is_none() { return false },
            () = &mut again => return true,
        }
    }
}

/// A running engine.
#[derive(Debug, Clone)]
pub struct Engine {
    commands: mpsc::Sender<Command>,
    view: watch::Receiver<KioskView>,
    ended: CancellationToken,
    tasks: TaskTracker,
}

/// Every command fails as [`CommandError`] says. It returns once the view that follows from it is published.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
impl Engine {
    /// Starts the engine on this disk: it goes on where the last process stopped, with or without the server.
    pub async fn start(store: Store, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Result<Self, CommandError> {
        Self::start_on(store, clock, Arc::new(SystemBoot::current()), chance).await
    }

    /// The same on a machine whose boots a test drives.
    pub async fn start_on(
        store: Store,
        clock: Arc<dyn Clock>,
        boot: Arc<dyn Boot>,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, CommandError> {
        let (shown, view) = watch::channel(nothing(clock.now()));
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let (ended, tasks) = (CancellationToken::new(), TaskTracker::new());
        let owner = Owner::recall(store, clock, boot, chance, shown).await?;
        tasks.spawn(owner.run(inbox, ended.clone()));
        tasks.close();
        Ok(Self { commands, view, ended, tasks })
    }

    /// Starts the engine on the disk at this path, and always comes up: while the disk can't be used the view says so,
    /// every command is refused, and it is tried again.
    pub async fn at(path: PathBuf, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        let (shown, view) = watch::channel(nothing(clock.now()));
        let (commands, mut inbox) = mpsc::channel(COMMANDS);
        let (ended, tasks) = (CancellationToken::new(), TaskTracker::new());
        let first = recalled(&path, &clock, &chance, &shown).await;
        tasks.spawn({
            let ended = ended.clone();
            async move {
                let mut recall = first;
                loop {
                    match recall {
                        Some(owner) => return Box::pin(owner.run(inbox, ended)).await,
                        None if !refuse(&mut inbox, &ended, &*clock).await => return,
                        None => recall = recalled(&path, &clock, &chance, &shown).await,
                    }
                }
            }
        });
        tasks.close();
        Self { commands, view, ended, tasks }
    }

    /// Ends the engine: says goodbye to the server, for at most a second, and closes the disk.
    pub async fn shutdown(&self) {
        self.ended.cancel();
        self.tasks.wait().await;
    }

    /// What the kiosk shows now.
    #[must_use]
    pub fn view(&self) -> KioskView {
        self.view.borrow().clone()
    }

    /// The view as it changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<KioskView> {
        self.view.clone()
    }

    async fn command<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| CommandError::Stopped)?;
        answer.await.map_err(|_| self.unheard())?
    }

    /// Why nobody answered.
    fn unheard(&self) -> CommandError {
        if self.view.borrow().disk.is_some() { CommandError::NoDisk } else { CommandError::Stopped }
    }

    /// Makes this device a kiosk of the server, by a one-time code.
    pub async fn enroll(&self, server_url: String, code: String) -> Result<(), CommandError> {
        self.command(|reply| Command::Enroll { server_url, code, reply }).await
    }

    /// Makes this device a kiosk that was enrolled elsewhere, by its enrolment file.
    pub async fn adopt(&self, identity: Identity) -> Result<(), CommandError> {
        self.command(|reply| Command::Adopt { identity, reply }).await
    }

    /// Signs a worker in, by his code or a badge of his.
    pub async fn sign_in(&self, typed: String, pin: Option<String>) -> Result<(), CommandError> {
        let login = WorkerLogin::typed(typed, pin);
        self.command(|reply| Command::SignIn { login, reply }).await
    }

    /// Signs the worker out. Without the server he is signed out here.
    pub async fn sign_out(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::SignOut { reply }).await
    }

    /// The stations the worker may use; the ones last heard of where the server is away.
    pub async fn stations(&self) -> Result<Vec<StationChoice>, CommandError> {
        self.command(|reply| Command::Stations { reply }).await
    }

    /// Where the signed-in worker can work and who is there, live, until the subscription is dropped.
    pub async fn pipeline(&self) -> Result<Subscription, CommandError> {
        self.command(|reply| Command::Pipeline { reply }).await
    }

    /// The statuses of a station; the ones last heard of where the server is away.
    pub async fn statuses(&self, station: StationId) -> Result<Vec<StatusDefinition>, CommandError> {
        self.command(|reply| Command::Statuses { station, reply }).await
    }

    /// The reasons of a station; the ones last heard of where the server is away.
    pub async fn reasons(&self, station: StationId, kind: ReasonType) -> Result<Vec<Reason>, CommandError> {
        self.command(|reply| Command::Reasons { station, kind, reply }).await
    }

    /// What can be made at a station; what was last heard of, with its age, where the server is away.
    pub async fn job_items(&self, station: StationId) -> Result<StationItems, CommandError> {
        self.command(|reply| Command::JobItems { station, reply }).await
    }

    /// What a station asks at the start and at the end; what was last heard of where the server is away.
    pub async fn checklists(&self, station: StationId) -> Result<StationChecklists, CommandError> {
        self.command(|reply| Command::Checklists { station, reply }).await
    }

    /// What the session waits for a supervisor to do. Only the server knows.
    pub async fn requests(&self) -> Result<Requests, CommandError> {
        self.command(|reply| Command::Requests { reply }).await
    }

    /// Opens a session, with the station's list at the start where it has one.
    pub async fn open(&self, station: StationId, checklist: Option<ChecklistAnswers>) -> Result<(), CommandError> {
        self.command(|reply| Command::Claim { asked: Asked::Open(station, checklist), reply }).await
    }

    /// Goes on with the session in the view's `resumable`.
    pub async fn resume(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::Claim { asked: Asked::Resume, reply }).await
    }

    /// Gives up the session in the view's `resumable`.
    pub async fn discard(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::Claim { asked: Asked::Discard, reply }).await
    }

    /// Goes on here with the session in the view's `provisional`.
    pub async fn continue_here(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::Claim { asked: Asked::ContinueHere, reply }).await
    }

    /// Says when the session in the view's `provisional` ended, on the server's clock: that is final.
    pub async fn ended_at(&self, at: Timestamp) -> Result<(), CommandError> {
        self.command(|reply| Command::Claim { asked: Asked::EndedAt(at), reply }).await
    }

    /// The signed-in worker takes the machine over from the worker of the running session.
    pub async fn hand_over(&self, taking: TakingOver) -> Result<(), CommandError> {
        self.command(|reply| Command::Claim { asked: Asked::HandOver(taking), reply }).await
    }

    async fn tap(&self, tap: Tap) -> Result<(), CommandError> {
        self.command(|reply| Command::Tap { tap, reply }).await
    }

    /// Changes the status, with what production had made and the report it wants. Like all that a worker taps it
    /// returns when it is on this kiosk's disk.
    pub async fn change_status(&self, change: StatusChange) -> Result<(), CommandError> {
        self.tap(Tap::Status(change)).await
    }

    /// Gives a status event its reason.
    pub async fn give_reason(
        &self,
        event: StatusEventId,
        reason: ReasonId,
        note: Option<String>,
    ) -> Result<(), CommandError> {
        self.tap(Tap::Reason { event, reason, note }).await
    }

    /// Counts pieces.
    pub async fn count(&self, quantities: Quantities) -> Result<(), CommandError> {
        self.tap(Tap::Count(quantities)).await
    }

    /// Reports something, with no change of status.
    pub async fn report(&self, report: ReportDraft) -> Result<(), CommandError> {
        self.tap(Tap::Report(report)).await
    }

    /// Works on this item from now on.
    pub async fn bind(&self, choice: ItemChoice) -> Result<(), CommandError> {
        self.tap(Tap::Bind(choice)).await
    }

    /// Works on no item any more.
    pub async fn unbind(&self) -> Result<(), CommandError> {
        self.tap(Tap::Unbind).await
    }

    /// Asks for the approval of the first product of the item in work.
    pub async fn ask_approval(&self, note: Option<String>) -> Result<(), CommandError> {
        self.tap(Tap::AskApproval { note }).await
    }

    /// Calls the supervisor.
    pub async fn call(&self, note: Option<String>) -> Result<(), CommandError> {
        self.tap(Tap::Call { note }).await
    }

    /// Takes a call back.
    pub async fn cancel_call(&self, call: CallId) -> Result<(), CommandError> {
        self.tap(Tap::CancelCall(call)).await
    }

    /// Says that somebody is still there.
    pub async fn still_here(&self) -> Result<(), CommandError> {
        self.tap(Tap::StillHere).await
    }

    /// Takes back the action in the view's `undo`.
    pub async fn undo(&self) -> Result<(), CommandError> {
        self.tap(Tap::Undo).await
    }

    /// Ends the session.
    pub async fn end(&self, ending: Ending) -> Result<(), CommandError> {
        self.tap(Tap::End(ending)).await
    }

    /// Gives the session up as a mistake.
    pub async fn abandon(&self) -> Result<(), CommandError> {
        self.tap(Tap::Abandon).await
    }

    /// The worker has seen how the session was lost: back to sign-in.
    pub async fn acknowledge_ended(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::AcknowledgeEnded { reply }).await
    }

    /// Somebody has seen what became of these actions, by their numbers in the view's `unsaid`.
    pub async fn acknowledge_unsaid(&self, seqs: Vec<u64>) -> Result<(), CommandError> {
        self.command(|reply| Command::AcknowledgeUnsaid { seqs, reply }).await
    }

    /// Somebody here has read this message. Without the server that is kept for as long as the process runs.
    pub async fn confirm_message(&self, message: MessageId) -> Result<(), CommandError> {
        self.command(|reply| Command::ConfirmMessage { message, reply }).await
    }
}
