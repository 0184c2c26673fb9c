//! The change log: one entry is one changed row, numbered densely in commit order.
//!
//! Every stream is a view on it. A row is kept in the shape of the API, before and after, so that a
//! filter can look at both without a query.

use millrace_protocol::session::Session;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, KioskId, SessionId, UserId};
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
    },
    /// A status event.
    StatusEvents {
        /// Before.
        old: Option<Box<StatusEvent>>,
        /// After.
        new: Box<StatusEvent>,
    },
    /// Who owns a session.
    Claims {
        /// Before; absent for the first claim.
        old: Option<Claimant>,
        /// After.
        new: Claimant,
    },
    /// A right to read ended: the streams opened under it end with it.
    Rights {
        /// Whose.
        holder: Holder,
    },
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
}
