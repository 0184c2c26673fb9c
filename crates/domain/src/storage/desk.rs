//! The supervisor's side: reports and their pictures, approvals, calls, messages, and what waits in quarantine.

use super::{Actor, Asked, Caller, Listed, Result, TokenHash};
use crate::approval::Decision;
use async_trait::async_trait;
use millrace_protocol::desk::{ImageKept, ReportRecord, SessionApproval};
use millrace_protocol::floor::{
    Approval, ApprovalState, Call, CallState, Decided, Message, QuarantineDecision, QuarantineEntry,
};
use millrace_protocol::report::{Report, ReportKind, ReportState};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{
    ApprovalId, CallId, ImageId, KioskId, MessageId, QuarantineId, ReportId, SessionId, StationId,
};
use serde_json::Value;

/// Which reports a list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// Of this type.
    pub kind: Option<ReportKind>,
    /// In this state.
    pub state: Option<ReportState>,
    /// Those that nobody has closed, or only the others.
    pub open: Option<bool>,
    /// From this station.
    pub station: Option<StationId>,
    /// Not earlier than this.
    pub from: Option<Timestamp>,
    /// Earlier than this.
    pub to: Option<Timestamp>,
}

/// Reports.
#[async_trait]
pub trait Reports: Send + Sync + 'static {
    /// Reports, the newest first. None drops out by its age.
    async fn reports(&self, asked: Asked, filter: ReportFilter) -> Result<Listed<Report>>;

    /// A report with its past.
    async fn report(&self, id: ReportId) -> Result<Option<ReportRecord>>;

    /// Moves a report that is at this version to another state.
    async fn move_report(
        &self,
        by: Actor,
        id: ReportId,
        version: u32,
        to: ReportState,
        note: Option<String>,
    ) -> Result<ReportRecord>;

    /// The reports of a session of the calling worker's, the newest first.
    async fn reports_of_session(&self, caller: Caller, session: SessionId) -> Result<Vec<Report>>;
}

/// A picture as it is kept.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Its id, made by the kiosk.
    pub id: ImageId,
    /// JPEG, without metadata.
    pub content: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// SHA-256 of what was sent.
    pub digest: [u8; 32],
}

/// A picture as it is served.
#[derive(Debug, Clone)]
pub struct KeptPicture {
    /// JPEG.
    pub content: Vec<u8>,
    /// Names the content: it never changes under its id.
    pub digest: [u8; 32],
}

/// Pictures of reports.
#[async_trait]
pub trait Pictures: Send + Sync + 'static {
    /// Whether a picture of this digest is here already. Refused as not found unless a report from this kiosk names
    /// the id, and as a conflict where something else was sent under it.
    async fn expected_picture(&self, kiosk: KioskId, id: ImageId, digest: [u8; 32]) -> Result<Option<ImageKept>>;

    /// Keeps a picture that a report from this kiosk names; the same again for a repeat.
    async fn keep_picture(&self, kiosk: KioskId, picture: Picture) -> Result<ImageKept>;

    /// A picture: any, or only of this worker's reports from this kiosk.
    async fn picture(&self, id: ImageId, of: Option<Caller>) -> Result<Option<KeptPicture>>;
}

/// A user who showed his badge at a kiosk; his PIN is still to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approver {
    /// How he is called in the audit log, and what he may do.
    pub actor: Actor,
    /// Hash of his PIN; without one he can't decide at a kiosk.
    pub pin_hash: Option<String>,
}

/// What workers ask of a supervisor: approvals and calls.
#[async_trait]
pub trait Requests: Send + Sync + 'static {
    /// Approvals, the newest first.
    async fn approvals(&self, asked: Asked, state: Option<ApprovalState>) -> Result<Listed<Approval>>;

    /// A supervisor looked at a request; the first to look is kept.
    async fn approval_seen(&self, by: Actor, id: ApprovalId) -> Result<Approval>;

    /// A supervisor decides. With a kiosk: there, where the session runs, and nowhere else.
    async fn decide(&self, by: Actor, at: Option<KioskId>, id: ApprovalId, decision: Decision) -> Result<Approval>;

    /// Whether the session of a request runs on this kiosk.
    async fn approval_runs_at(&self, id: ApprovalId, kiosk: KioskId) -> Result<bool>;

    /// The user whose badge this is, valid now.
    async fn approver_by_badge(&self, badge: TokenHash) -> Result<Option<Approver>>;

    /// Where the approval stands for what a session of the calling worker's works on.
    async fn approval_of_session(&self, caller: Caller, session: SessionId) -> Result<SessionApproval>;

    /// Calls, the newest first.
    async fn calls(&self, asked: Asked, state: Option<CallState>) -> Result<Listed<Call>>;

    /// A supervisor looked at a call; the first to look is kept.
    async fn call_seen(&self, by: Actor, id: CallId) -> Result<Call>;

    /// A supervisor is done with a call.
    async fn call_done(&self, by: Actor, id: CallId) -> Result<Call>;

    /// The calls of a session of the calling worker's, the newest first.
    async fn calls_of_session(&self, caller: Caller, session: SessionId) -> Result<Vec<Call>>;
}

/// Messages to kiosks.
#[async_trait]
pub trait Messages: Send + Sync + 'static {
    /// Sends a message, which was checked before, to a kiosk in service.
    async fn send_message(&self, by: Actor, kiosk: KioskId, text: String) -> Result<Message>;

    /// Messages, to one kiosk or to all, the newest first.
    async fn messages(&self, asked: Asked, kiosk: Option<KioskId>) -> Result<Listed<Message>>;

    /// What nobody at a kiosk has confirmed, the oldest first.
    async fn unconfirmed_messages(&self, kiosk: KioskId) -> Result<Vec<Message>>;

    /// The kiosk showed a message of its own; the first moment is kept.
    async fn message_shown(&self, kiosk: KioskId, id: MessageId) -> Result<Message>;

    /// Somebody at the kiosk confirmed a message; the first moment is kept.
    async fn message_confirmed(&self, kiosk: KioskId, id: MessageId) -> Result<Message>;
}

/// What could not be applied and waits for a supervisor.
#[async_trait]
pub trait Quarantine: Send + Sync + 'static {
    /// Entries, the newest first.
    async fn quarantined(&self, asked: Asked, filter: QuarantineFilter) -> Result<Listed<QuarantineEntry>>;

    /// Decides about entries, all or none.
    async fn decide_entries(&self, by: Actor, verdict: Verdict) -> Result<Decided>;

    /// What that would change. Nothing is written.
    async fn preview_decision(&self, by: Actor, verdict: Verdict) -> Result<Decided>;
}

/// Which entries a list has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QuarantineFilter {
    /// Of this session.
    pub session: Option<SessionId>,
    /// Those that were decided instead of those that wait.
    pub decided: bool,
}

/// Which entries a supervisor decides about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// One.
    Entry(QuarantineId),
    /// All that wait of a session, in the order of their numbers.
    Session(SessionId),
}

/// A supervisor's decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// About which entries.
    pub which: Which,
    /// What.
    pub decision: QuarantineDecision,
    /// The body of the one entry as it should have been.
    pub body: Option<Value>,
    /// Why.
    pub reason: String,
}
