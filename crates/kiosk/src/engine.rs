//! The engine as its callers see it: commands in, one view out.
//!
//! The work is done by one task, the session's owner; this is its handle, cheap to clone.

use crate::client::CallError;
use crate::owner::{Asked, Command, Owner, Reply, Tap};
use crate::store::{Identity, Store, StoreError};
use crate::view::KioskView;
use millrace_domain::{Chance, Clock};
use millrace_protocol::station::Station;
use millrace_protocol::status::{Reason, ReasonType, StatusDefinition};
use millrace_protocol::worker::WorkerLogin;
use millrace_protocol::{Code, Problem, ReasonId, StationId, StatusDefinitionId, StatusEventId};
use serde::Deserialize;
use std::sync::Arc;
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
            Self::Store(_) => Problem::new(
                Code::Unavailable,
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
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let (ended, tasks) = (CancellationToken::new(), TaskTracker::new());
        let owner = Owner::recall(store, clock, chance).await?;
        let view = owner.watch();
        tasks.spawn(owner.run(inbox, ended.clone()));
        tasks.close();
        Ok(Self { commands, view, ended, tasks })
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
        answer.await.map_err(|_| CommandError::Stopped)?
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
    pub async fn stations(&self) -> Result<Vec<Station>, CommandError> {
        self.command(|reply| Command::Stations { reply }).await
    }

    /// The statuses of a station; the ones last heard of where the server is away.
    pub async fn statuses(&self, station: StationId) -> Result<Vec<StatusDefinition>, CommandError> {
        self.command(|reply| Command::Statuses { station, reply }).await
    }

    /// The reasons of a station; the ones last heard of where the server is away.
    pub async fn reasons(&self, station: StationId, kind: ReasonType) -> Result<Vec<Reason>, CommandError> {
        self.command(|reply| Command::Reasons { station, kind, reply }).await
    }

    /// Opens a session.
    pub async fn open(&self, station: StationId) -> Result<(), CommandError> {
        self.command(|reply| Command::Claim { asked: Asked::Open(station), reply }).await
    }

    /// Goes on with the session in the view's `resumable`.
    pub async fn resume(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::Claim { asked: Asked::Resume, reply }).await
    }

    /// Gives up the session in the view's `resumable`.
    pub async fn discard(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::Claim { asked: Asked::Discard, reply }).await
    }

    /// The signed-in worker takes the machine over from the worker of the running session.
    pub async fn hand_over(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::Claim { asked: Asked::HandOver, reply }).await
    }

    /// Changes the status. Returns when the change is on this kiosk's disk.
    pub async fn change_status(&self, change: StatusChange) -> Result<(), CommandError> {
        self.command(|reply| Command::Tap { tap: Tap::Status(change), reply }).await
    }

    /// Gives a status event its reason. Returns when that is on this kiosk's disk.
    pub async fn give_reason(
        &self,
        event: StatusEventId,
        reason: ReasonId,
        note: Option<String>,
    ) -> Result<(), CommandError> {
        self.command(|reply| Command::Tap { tap: Tap::Reason { event, reason, note }, reply }).await
    }

    /// Ends the session. Returns when that is on this kiosk's disk.
    pub async fn end(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::Tap { tap: Tap::End, reply }).await
    }

    /// Gives the session up as a mistake. Returns when that is on this kiosk's disk.
    pub async fn abandon(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::Tap { tap: Tap::Abandon, reply }).await
    }

    /// The worker has seen how the session was lost: back to sign-in.
    pub async fn acknowledge_ended(&self) -> Result<(), CommandError> {
        self.command(|reply| Command::AcknowledgeEnded { reply }).await
    }
}
