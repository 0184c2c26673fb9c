//! The change log: one entry is one changed row, numbered densely in commit order.
//!
//! Every stream is a view on it. A row is kept in the shape of the API, before and after, so that a
//! filter can look at both without a query.

use crate::people::MeantFor;
use millrace_protocol::floor::{Approval, Call, Message, QuarantineEntry};
use millrace_protocol::job::{Job, JobItem};
use millrace_protocol::report::Report;
use millrace_protocol::session::Session;
use millrace_protocol::station::Station;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::stream::KioskSeen;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, KioskId, SessionId, UserId, WorkerId};
use serde::{Deserialize, Serialize};

/// One changed row.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its place in the log: dense, from 1.
    pub offset: u64,
    /// When it was written, by the database's clock.
    pub at: Timestamp,
    /// What changed.
    pub row: Row,
}

/// A supervisor who closed a session, as its worker is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closer {
    /// His name.
    pub by: String,
    /// Why he did.
    pub note: String,
}

/// The rows that streams know. `old` is absent for a new row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "table", rename_all = "snake_case")]
pub enum Row {
    /// A session.
    Sessions {
        /// Before.
        old: Option<Box<Session>>,
        /// After.
        new: Box<Session>,
        /// The kiosk that owns it, or owned it last, so that its end finds its kiosk without a query.
        #[serde(default)]
        owner: Option<KioskId>,
        /// Who closed it, where a supervisor did.
        #[serde(default)]
        closer: Option<Box<Closer>>,
    },
    /// A status event.
    StatusEvents {
        /// Before.
        old: Option<Box<StatusEvent>>,
        /// After.
        new: Box<StatusEvent>,
        /// The kiosk that owns its session, while it is open.
        #[serde(default)]
        owner: Option<KioskId>,
    },
    /// A report.
    Reports {
        /// The report.
        #[serde(flatten)]
        report: Pair<Report>,
        /// The kiosk that owns its session, while it is open.
        #[serde(default)]
        owner: Option<KioskId>,
    },
    /// A job, by hand.
    Jobs(Pair<Job>),
    /// An item of a job: changed by hand, or by a count.
    JobItems {
        /// The item.
        #[serde(flatten)]
        item: Pair<JobItem>,
        /// Its job after the change, so that a board of jobs needs no query; absent when the job is gone.
        job: Option<Box<Job>>,
    },
    /// The approval of a first product.
    Approvals(Pair<Approval>),
    /// A call to the supervisor.
    Calls(Pair<Call>),
    /// A message to a kiosk.
    Messages(Pair<Message>),
    /// A kiosk: how it is set up, and whether it is heard.
    Kiosks(Pair<KioskSeen>),
    /// Which stations a worker is meant for.
    Assignments {
        /// The worker.
        worker: WorkerId,
        /// What holds for him from now on.
        #[serde(default)]
        meant_for: MeantFor,
    },
    /// An action that waits for a decision; no `new`: it was decided.
    Quarantine(Pair<QuarantineEntry>),
    /// Who owns a session.
    Claims {
        /// Before; absent for the first claim.
        old: Option<Claimant>,
        /// After.
        new: Claimant,
    },
    /// A station, as it is managed. Who is there is told by [`Row::Sessions`]; here it is as it was at that moment.
    Stations(Pair<Station>),
    /// A right to read ended: the streams opened under it end with it.
    Rights {
        /// Whose.
        holder: Holder,
    },
}

/// A row before and after: no `old` for a new row, no `new` for one that is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair<T> {
    /// Before.
    pub old: Option<Box<T>>,
    /// After.
    pub new: Option<Box<T>>,
}

impl<T> Pair<T> {
    /// A row that came to be.
    pub fn made(new: T) -> Self {
        Self { old: None, new: Some(Box::new(new)) }
    }

    /// A row that changed.
    pub fn changed(old: T, new: T) -> Self {
        Self { old: Some(Box::new(old)), new: Some(Box::new(new)) }
    }

    /// A row that is gone.
    pub fn gone(old: T) -> Self {
        Self { old: Some(Box::new(old)), new: None }
    }

    /// The row after, or else before: for what does not change in it.
    #[must_use]
    pub fn any(&self) -> Option<&T> {
        self.new.as_deref().or(self.old.as_deref())
    }
}

/// Who owns a session, as the change log tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimant {
    /// The session.
    pub session: SessionId,
    /// The kiosk that owns it.
    pub kiosk: KioskId,
    /// The program on it that claims: a tab, a window.
    pub instance: InstanceId,
    /// What the kiosk is called.
    pub kiosk_name: String,
    /// Under which epoch.
    pub epoch: u32,
    /// Since when.
    pub since: Timestamp,
}

/// Who holds a right to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A kiosk, by its token.
    Kiosk(KioskId),
    /// One login of a user, by its number.
    Login(i64),
    /// Every login of a user.
    User(UserId),
    /// A worker at the kiosk where he is signed in.
    SignIn {
        /// The kiosk.
        kiosk: KioskId,
        /// The worker.
        worker: WorkerId,
    },
}
