//! What a rule says no with. Kept as the answer to an action's `seq`, so it is serialised.

use crate::change::Closer;
use millrace_protocol::checklist::Checklist;
use millrace_protocol::floor::ApprovalStanding;
use millrace_protocol::session::{CloseReason, Owner, Session};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{Code, Problem};
use serde::{Deserialize, Serialize};

/// A rule of the trade, or of access, that was broken. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Refusal {
    /// Somebody else owns the session.
    #[error("This session is owned by {} now. Stop writing to it; sign in again to take it back.", owner.kiosk_name)]
    InstanceMismatch {
        /// Who owns it.
        owner: Owner,
    },
    /// The session has ended.
    #[error("This session has ended. Sign in and open a new one.")]
    SessionNotActive {
        /// How it ended.
        reason: Option<CloseReason>,
        /// Whether it was closed for want of contact only.
        provisional: bool,
        /// When it ended; absent in answers kept by an earlier version.
        #[serde(default)]
        ended_at: Option<Timestamp>,
        /// Who closed it, where a supervisor did and whoever asks is its kiosk.
        #[serde(default)]
        closer: Option<Box<Closer>>,
    },
    /// No session has this id, or none that the caller may know of.
    #[error("There is no such session here. Look the id up again.")]
    SessionNotFound,
    /// The worker holds as many sessions as he may.
    #[error("You have an open session at {}. Go on with it or end it first.", session.station_name)]
    SessionAlreadyExists {
        /// The one that is open.
        session: Box<Session>,
    },
    /// The station is taken.
    #[error("{worker_name} is working at this station. Take the machine over from there, or choose another.")]
    StationOccupied {
        /// By whom.
        worker_name: String,
    },
    /// The station is not one for this worker.
    #[error("This station does not exist, is out of use, or is not open to this worker. Choose another.")]
    StationNotAllowed,
    /// The status is not one of this station.
    #[error("This status does not exist at this station. Reload the list of statuses.")]
    StatusNotAllowed,
    /// The reason is missing, or not one of this station.
    #[error("A reason is missing here, or it is none that the station has for this. Choose one of its list.")]
    ReasonRequired,
    /// A report is missing.
    #[error("This status needs a report. Send it in the same action.")]
    ReportRequired,
    /// The station's checklist is not answered as it has to be.
    #[error("{what}")]
    ChecklistRequired {
        /// What is missing or does not fit, and what to do.
        what: String,
        /// The list in the version that is in force.
        list: Box<Checklist>,
        /// The items it is about, by their ids in the list.
        items: Vec<String>,
    },
    /// Good or scrap is no count, or scrap lacks its reason.
    #[error("{what}")]
    InvalidQuantities {
        /// What is wrong, and what to do.
        what: String,
    },
    /// Production without an item.
    #[error("Production needs a job item. Choose the item and its step first.")]
    JobItemRequired,
    /// The step can't be worked on here.
    #[error("{what}")]
    StepNotAllowed {
        /// What stands against it, and what to do.
        what: String,
    },
    /// The first product has to be approved before production.
    #[error("{}", approval_words(*standing, note.as_deref()))]
    ApprovalRequired {
        /// Where the approval stands.
        standing: ApprovalStanding,
        /// What the supervisor added to a refusal.
        note: Option<String>,
    },
    /// What is asked for is not possible from here.
    #[error("{what}")]
    InvalidTransition {
        /// What stands against it, and what to do.
        what: String,
    },
    /// The sequence number was used for something else.
    #[error("Sequence number {seq} was used for another action. Number it anew, above {last_seq}.")]
    SeqReused {
        /// The number.
        seq: u64,
        /// The highest the server has from this kiosk.
        last_seq: u64,
    },
    /// The request contradicts itself or can't be meant.
    #[error("{what}")]
    Invalid {
        /// What is wrong, and what to do.
        what: String,
    },
    /// Whoever is asking is not signed in.
    #[error("{what}")]
    Unauthenticated {
        /// What is missing, and what to do.
        what: String,
    },
    /// Whoever is asking may not do this.
    #[error("{what}")]
    Forbidden {
        /// What stands against it, and what to do.
        what: String,
    },
    /// Nothing has this id.
    #[error("{what}")]
    NotFound {
        /// What is not there, and what to do.
        what: String,
    },
    /// The steps of an item stand still from its first production on.
    #[error("This item has been produced, so its steps can't be changed any more. Make a new item for another way.")]
    StepsFrozen {
        /// Since when.
        since: Timestamp,
    },
    /// Something still needs the thing.
    #[error("{what}")]
    InUse {
        /// What needs it, and what to do instead.
        what: String,
    },
    /// The thing was changed since whoever asks has read it.
    #[error("Somebody changed it meanwhile: it is at version {current} now. Read it again, and decide anew.")]
    VersionMismatch {
        /// The version it is at.
        current: u32,
    },
    /// The thing exists already, or was changed meanwhile.
    #[error("{what}")]
    Conflict {
        /// What stands against it, and what to do.
        what: String,
    },
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::InstanceMismatch { .. } => Code::InstanceMismatch,
            Self::SessionNotActive { .. } => Code::SessionNotActive,
            Self::SessionNotFound => Code::SessionNotFound,
            Self::SessionAlreadyExists { .. } => Code::SessionAlreadyExists,
            Self::StationOccupied { .. } => Code::StationOccupied,
            Self::StationNotAllowed => Code::StationNotAllowed,
            Self::StatusNotAllowed => Code::StatusNotAllowed,
            Self::ReasonRequired => Code::ReasonRequired,
            Self::ReportRequired => Code::ReportRequired,
            Self::ChecklistRequired { .. } => Code::ChecklistRequired,
            Self::InvalidQuantities { .. } => Code::InvalidQuantities,
            Self::JobItemRequired => Code::JobItemRequired,
            Self::StepNotAllowed { .. } => Code::StepNotAllowed,
            Self::ApprovalRequired { .. } => Code::ApprovalRequired,
            Self::InvalidTransition { .. } => Code::InvalidStatusTransition,
            Self::SeqReused { .. } => Code::SeqReused,
            Self::Invalid { .. } => Code::InvalidPayload,
            Self::Unauthenticated { .. } => Code::Unauthenticated,
            Self::Forbidden { .. } => Code::Forbidden,
            Self::NotFound { .. } => Code::NotFound,
            Self::StepsFrozen { .. } => Code::StepsFrozen,
            Self::InUse { .. } => Code::InUse,
            Self::VersionMismatch { .. } => Code::PreconditionFailed,
            Self::Conflict { .. } => Code::Conflict,
        }
    }

    /// As it goes over the wire.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let problem = Problem::new(self.code(), self.to_string());
        match self {
            Self::InstanceMismatch { owner } => problem.with("owner", owner),
            Self::SessionNotActive { reason, provisional, ended_at, closer } => {
                let problem = problem.with("reason", reason).with("provisional", provisional).with("endedAt", ended_at);
                match closer {
                    Some(closer) => problem.with("by", &closer.by).with("note", &closer.note),
                    None => problem,
                }
            }
            Self::SessionAlreadyExists { session } => problem.with("session", session),
            Self::StationOccupied { worker_name } => problem.with("workerName", worker_name),
            Self::ChecklistRequired { list, items, .. } => problem.with("checklist", list).with("itemIds", items),
            Self::SeqReused { last_seq, .. } => problem.with("lastSeq", last_seq),
            Self::StepsFrozen { since } => problem.with("frozenAt", since),
            Self::VersionMismatch { current } => problem.with("version", current),
            Self::ApprovalRequired { standing, note } => problem.with("approval", standing).with("note", note),
            Self::SessionNotFound
            | Self::StationNotAllowed
            | Self::StatusNotAllowed
            | Self::ReasonRequired
            | Self::ReportRequired
            | Self::InvalidQuantities { .. }
            | Self::JobItemRequired
            | Self::StepNotAllowed { .. }
            | Self::InvalidTransition { .. }
            | Self::Invalid { .. }
            | Self::Unauthenticated { .. }
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::InUse { .. }
            | Self::Conflict { .. } => problem,
        }
    }
}

fn approval_words(standing: ApprovalStanding, note: Option<&str>) -> String {
    match (standing, note) {
        (ApprovalStanding::Pending, _) => {
            "The first product waits for its approval. A supervisor has been asked.".into()
        }
        (ApprovalStanding::Refused, Some(note)) => {
            format!("The first product was refused: {note}. Mend it and ask again.")
        }
        _ => "The first product has to be approved before production. Ask for the approval.".into(),
    }
}
