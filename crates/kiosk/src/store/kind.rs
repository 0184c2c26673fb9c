//! What kinds of taps there are.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of tap an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ActionKind")]
pub enum Kind {
    /// A change of status.
    Status,
    /// A reason given afterwards.
    Reason,
    /// Pieces counted.
    Count,
    /// A report with no change of status.
    Report,
    /// Another item in work.
    Bind,
    /// No item in work.
    Unbind,
    /// The approval of a first product, asked for.
    Approval,
    /// A call to the supervisor.
    Call,
    /// A call taken back.
    CancelCall,
    /// Somebody is still there.
    Here,
    /// The end of the session.
    Complete,
    /// Giving the session up.
    Abandon,
    /// The last status, count or report taken back.
    Undo,
    /// A session opened without the server.
    Open,
    /// A machine handed over without the server: one session ends, the next worker's opens.
    HandOver,
    /// A session that was closed for want of contact, brought back.
    Reopen,
}

impl Kind {
    const ALL: [Self; 16] = [
        Self::Status,
        Self::Reason,
        Self::Count,
        Self::Report,
        Self::Bind,
        Self::Unbind,
        Self::Approval,
        Self::Call,
        Self::CancelCall,
        Self::Here,
        Self::Complete,
        Self::Abandon,
        Self::Undo,
        Self::Open,
        Self::HandOver,
        Self::Reopen,
    ];

    /// Whether the open status event is another one with it.
    #[must_use]
    pub fn begins_event(self) -> bool {
        matches!(self, Self::Status | Self::Bind | Self::Unbind | Self::Undo | Self::Open | Self::HandOver)
    }

    /// Whether what was tapped before it can't be taken back any more: the session went on from there.
    #[must_use]
    pub fn settles_the_last(self) -> bool {
        match self {
            Self::Reason | Self::Approval | Self::Call | Self::CancelCall | Self::Here | Self::Reopen => false,
            Self::Status
            | Self::Count
            | Self::Report
            | Self::Bind
            | Self::Unbind
            | Self::Complete
            | Self::Abandon
            | Self::Undo
            | Self::Open
            | Self::HandOver => true,
        }
    }

    /// Whether the session is over with it.
    #[must_use]
    pub fn ends(self) -> bool {
        matches!(self, Self::Complete | Self::Abandon)
    }

    /// Whether a server of an earlier version has no address for it, or its address names a thing that may be gone:
    /// "nothing here" is then a verdict on the entry, not on the version.
    #[must_use]
    pub fn may_be_unknown(self) -> bool {
        matches!(self, Self::Undo | Self::CancelCall | Self::Reason | Self::Open | Self::HandOver | Self::Reopen)
    }

    /// Whether a session begins with it, without the server.
    #[must_use]
    pub fn opens(self) -> bool {
        matches!(self, Self::Open | Self::HandOver)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Status => "status",
            Self::Reason => "reason",
            Self::Count => "count",
            Self::Report => "report",
            Self::Bind => "bind",
            Self::Unbind => "unbind",
            Self::Approval => "approval",
            Self::Call => "call",
            Self::CancelCall => "cancel call",
            Self::Here => "here",
            Self::Complete => "complete",
            Self::Abandon => "abandon",
            Self::Undo => "undo",
            Self::Open => "open",
            Self::HandOver => "hand over",
            Self::Reopen => "reopen",
        })
    }
}

/// Not a kind of entry that this version knows.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no kind of entry")]
pub struct NotAKind(String);

impl std::str::FromStr for Kind {
    type Err = NotAKind;
    fn from_str(text: &str) -> Result<Self, NotAKind> {
        Self::ALL.into_iter().find(|kind| kind.to_string() == text).ok_or_else(|| NotAKind(text.to_owned()))
    }
}
