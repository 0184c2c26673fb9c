//! Deeds: everything a worker can do in a session, once it is numbered, claimed and timed ([`crate::action`]).
//!
//! One enum, so that whatever admits, refuses, keeps or quarantines an action does it in one place.

mod request;

pub use request::{Asking, read};

use crate::status::StatusChange;
use millrace_protocol::amendment::Correction;
use millrace_protocol::checklist::ChecklistAnswers;
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::ReportDraft;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{CallId, JobItemId, ReasonId, StatusEventId, StepId};

/// What a worker did.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// The machine is in another status.
    ChangeStatus(StatusChange),
    /// A stretch gets its reason, or another one.
    GiveReason {
        /// Which stretch.
        event: StatusEventId,
        /// Why.
        reason: ReasonId,
        /// What he adds.
        note: Option<String>,
    },
    /// Pieces were counted.
    Count(Quantities),
    /// Something is to be reported, with no change of status.
    Report(ReportDraft),
    /// An item is worked on from now on.
    Bind {
        /// The item.
        item: JobItemId,
        /// Its step.
        step: StepId,
        /// What production had made of the item before.
        quantities: Option<Quantities>,
    },
    /// No item is worked on any more.
    Unbind,
    /// He asks for the approval of his first product.
    AskApproval {
        /// What he adds.
        note: Option<String>,
    },
    /// He calls the supervisor.
    Call {
        /// What he adds.
        note: Option<String>,
    },
    /// He takes a call back.
    CancelCall(CallId),
    /// He puts something right in his own session.
    Correct {
        /// What.
        correction: Correction,
        /// Why, where he says.
        note: Option<String>,
    },
    /// Somebody is still there.
    StillHere,
    /// The session, which was closed for want of contact, goes on.
    Reopen,
    /// The last change of status, count or report is taken back.
    Undo {
        /// The number of its action.
        undoes: u64,
    },
    /// The session ends in the ordinary way.
    Complete {
        /// When, where that is not when it was tapped.
        at: Option<Timestamp>,
        /// What running production had made.
        quantities: Option<Quantities>,
        /// The station's list at the end, answered.
        checklist: Option<ChecklistAnswers>,
    },
    /// The session is given up: nothing was produced in it.
    Abandon,
}
