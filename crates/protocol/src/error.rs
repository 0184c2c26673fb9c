//! Errors on the wire: RFC 9457 problem details with a stable `code`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;
use utoipa::ToSchema;

/// What a client may act on. The text beside it may change, the code may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// Another instance or a later epoch owns the session.
    InstanceMismatch,
    /// The session has ended.
    SessionNotActive,
    /// No session has this id.
    SessionNotFound,
    /// The worker already holds as many sessions as he may.
    SessionAlreadyExists,
    /// Another session is open at this station.
    StationOccupied,
    /// The worker may not use this station.
    StationNotAllowed,
    /// This status does not exist at this station.
    StatusNotAllowed,
    /// This status wants one of the station's reasons.
    ReasonRequired,
    /// This status wants a report.
    ReportRequired,
    /// The station's checklist is not answered as it has to be.
    ChecklistRequired,
    /// A supervisor has to approve the first product first.
    ApprovalRequired,
    /// Good or scrap is not a count, or scrap lacks its reason.
    InvalidQuantities,
    /// Production needs a job item whose step is at this station.
    JobItemRequired,
    /// This step can't be worked on here.
    StepNotAllowed,
    /// From here there is no way to there.
    InvalidStatusTransition,
    /// This sequence number was used for something else.
    SeqReused,
    /// The request could not be read.
    InvalidPayload,
    /// Nobody, or nobody known, is asking.
    Unauthenticated,
    /// Whoever is asking may not do this.
    Forbidden,
    /// Nothing is at this address.
    NotFound,
    /// The address exists, but not for this method.
    MethodNotAllowed,
    /// The thing was changed by somebody else meanwhile, or exists already.
    Conflict,
    /// The item was produced already: its steps stand still.
    StepsFrozen,
    /// Something still needs the thing: it can be taken out of use, not removed.
    InUse,
    /// A change has to name the version it is made on, by `If-Match`.
    PreconditionRequired,
    /// The version named by `If-Match` is not the current one.
    PreconditionFailed,
    /// Too many requests; `Retry-After` says when to come back.
    RateLimited,
    /// The server can't take this now; nothing was stored; try again.
    Unavailable,
    /// A defect of the server. Nothing was stored.
    Internal,
    /// The disk of this kiosk can't be written. Said by a kiosk to its own screen; a server never sends it.
    Disk,
    /// A code this version does not know.
    #[serde(other)]
    Unknown,
}

impl Code {
    /// The HTTP status that goes with the code.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidPayload => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden | Self::StationNotAllowed => 403,
            Self::NotFound | Self::SessionNotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::InstanceMismatch
            | Self::SessionAlreadyExists
            | Self::StationOccupied
            | Self::ApprovalRequired
            | Self::InvalidStatusTransition
            | Self::SeqReused
            | Self::StepsFrozen
            | Self::InUse
            | Self::Conflict => 409,
            Self::SessionNotActive => 410,
            Self::PreconditionFailed => 412,
            Self::StatusNotAllowed
            | Self::ReasonRequired
            | Self::ReportRequired
            | Self::ChecklistRequired
            | Self::InvalidQuantities
            | Self::JobItemRequired
            | Self::StepNotAllowed => 422,
            Self::PreconditionRequired => 428,
            Self::RateLimited => 429,
            Self::Internal | Self::Unknown => 500,
            Self::Unavailable => 503,
            Self::Disk => 507,
        }
    }

    /// Whether this is a known rule of the trade: the answer is final, and sending the same again can't change it.
    ///
    /// An outbox ends an entry on these; everything else it retries, holds or parks.
    #[must_use]
    pub fn is_rule(self) -> bool {
        match self {
            Self::InstanceMismatch
            | Self::SessionNotActive
            | Self::SessionNotFound
            | Self::SessionAlreadyExists
            | Self::StationOccupied
            | Self::StationNotAllowed
            | Self::StatusNotAllowed
            | Self::ReasonRequired
            | Self::ReportRequired
            | Self::ChecklistRequired
            | Self::ApprovalRequired
            | Self::InvalidQuantities
            | Self::JobItemRequired
            | Self::StepNotAllowed
            | Self::InvalidStatusTransition => true,
            Self::SeqReused
            | Self::InvalidPayload
            | Self::Unauthenticated
            | Self::Forbidden
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::Conflict
            | Self::StepsFrozen
            | Self::InUse
            | Self::PreconditionRequired
            | Self::PreconditionFailed
            | Self::RateLimited
            | Self::Unavailable
            | Self::Internal
            | Self::Disk
            | Self::Unknown => false,
        }
    }

    /// A short English title, the same for every occurrence.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::InstanceMismatch => "Another kiosk owns this session",
            Self::SessionNotActive => "The session has ended",
            Self::SessionNotFound => "No such session",
            Self::SessionAlreadyExists => "A session is open already",
            Self::StationOccupied => "The station is occupied",
            Self::StationNotAllowed => "Not your station",
            Self::StatusNotAllowed => "Not a status of this station",
            Self::ReasonRequired => "A reason is needed",
            Self::ReportRequired => "A report is needed",
            Self::ChecklistRequired => "The checklist is not done",
            Self::ApprovalRequired => "An approval is needed",
            Self::InvalidQuantities => "These quantities can't be right",
            Self::JobItemRequired => "A job item is needed",
            Self::StepNotAllowed => "Not a step for here",
            Self::InvalidStatusTransition => "Not possible from here",
            Self::SeqReused => "Sequence number used twice",
            Self::InvalidPayload => "The request could not be read",
            Self::Unauthenticated => "Sign in first",
            Self::Forbidden => "Not allowed",
            Self::NotFound => "Nothing here",
            Self::MethodNotAllowed => "Not by this method",
            Self::Conflict => "Changed meanwhile",
            Self::StepsFrozen => "The steps stand still",
            Self::InUse => "Still needed",
            Self::PreconditionRequired => "Name the version",
            Self::PreconditionFailed => "Not the current version",
            Self::RateLimited => "Too many requests",
            Self::Unavailable => "Not available now",
            Self::Disk => "The kiosk's disk can't be written",
            Self::Internal | Self::Unknown => "A defect of the server",
        }
    }
}

/// RFC 9457 problem details. `detail` says what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
pub struct Problem {
    /// A URI that names the kind of problem: `urn:millrace:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same for every occurrence of the code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong here, and what to do about it.
    pub detail: String,
    /// The stable code.
    pub code: Code,
    /// What a code adds, e.g. `lastSeq` for `SEQ_REUSED`.
    #[serde(flatten)]
    #[ts(skip)]
    pub extra: Map<String, Value>,
}

impl Problem {
    /// A problem of this code.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let name = serde_json::to_value(code).ok().and_then(|v| v.as_str().map(str::to_lowercase)).unwrap_or_default();
        Self {
            kind: format!("urn:millrace:problem:{}", name.replace('_', "-")),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code,
            extra: Map::new(),
        }
    }

    /// Adds a member of its own to the problem.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.extra.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_carries_its_code_and_what_it_adds() {
        let problem = Problem::new(Code::SeqReused, "Take a higher number.").with("lastSeq", 7);
        let json = serde_json::to_value(&problem).expect("writes");
        assert_eq!(json["code"], "SEQ_REUSED");
        assert_eq!(json["status"], 409);
        assert_eq!(json["lastSeq"], 7);
        assert_eq!(json["type"], "urn:millrace:problem:seq-reused");
        assert_eq!(serde_json::from_value::<Problem>(json).expect("reads"), problem);
    }

    #[test]
    fn a_code_of_a_later_version_is_unknown_and_no_rule() {
        let code: Code = serde_json::from_str("\"FROM_THE_FUTURE\"").expect("reads");
        assert_eq!(code, Code::Unknown);
        assert!(!code.is_rule());
    }
}
