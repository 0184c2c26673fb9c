//! The supervisor's side: what is done with reports, pictures, approvals, calls and messages, and what a kiosk reads of it.

use crate::floor::{Approval, ApprovalStanding, Call, Message};
use crate::ids::{ImageId, ReportId};
use crate::report::{Report, ReportState};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Who moved a report to which state, and when. Its making is the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ReportChange {
    /// The report's version from then on.
    pub version: u32,
    /// The state it was in from then on.
    pub state: ReportState,
    /// A user by his user name; for its making and for what the worker did, the worker by his name.
    pub actor: String,
    /// What was added.
    pub note: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A report with its past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ReportRecord {
    /// As it is now.
    #[serde(flatten)]
    pub report: Report,
    /// What became of it, the oldest first.
    pub changes: Vec<ReportChange>,
}

/// `POST /api/admin/reports/{id}/state`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct ReportStateRequest {
    /// The state it is to be in.
    pub state: ReportState,
    /// What is added, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}

/// `GET /api/reports`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ReportList {
    /// The newest first.
    pub reports: Vec<Report>,
}

/// The answer to `PUT /api/images/{id}`: the picture as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageKept {
    /// Its id.
    pub id: ImageId,
    /// The report it belongs to.
    pub report_id: ReportId,
    /// It was here before; there was no second effect.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub repeat: bool,
}

/// A supervisor's decision: `POST /api/admin/approvals/{id}/approve` and `/refuse`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    /// What he adds, at most 500 characters; a refusal needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}

/// A supervisor's decision at the kiosk, with his badge and PIN: `POST /api/approvals/{id}/decide`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct DecideRequest {
    /// What the reader typed.
    pub badge: String,
    /// His PIN.
    pub pin: String,
    /// Approved, or refused.
    pub approve: bool,
    /// What he adds, at most 500 characters; a refusal needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}

/// Without badge and PIN.
impl std::fmt::Debug for DecideRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecideRequest").field("approve", &self.approve).finish_non_exhaustive()
    }
}

/// `GET /api/approvals`: where the approval stands for what a session works on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct SessionApproval {
    /// Whether production may begin.
    pub standing: ApprovalStanding,
    /// The newest request for this step at this station, whoever asked.
    pub approval: Option<Approval>,
}

/// `GET /api/calls`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct CallList {
    /// The newest first.
    pub calls: Vec<Call>,
}

/// `POST /api/admin/kiosks/{id}/messages`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct MessageDraft {
    /// What it says, 1 to 500 characters.
    pub text: String,
}

/// `GET /api/messages`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct MessageList {
    /// What nobody here has confirmed, the oldest first.
    pub messages: Vec<Message>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_at_the_kiosk_does_not_tell_its_secrets() {
        let request =
            DecideRequest { badge: "04A1B2C3".into(), pin: "4711".into(), approve: true, note: Some("fine".into()) };
        let said = format!("{request:?}");
        assert!(!said.contains("4711") && !said.contains("04A1"), "{said}");
    }
}
