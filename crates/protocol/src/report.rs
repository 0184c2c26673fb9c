//! Reports: a malfunction, a general remark, scrap.

use crate::ids::{ImageId, JobItemId, ReasonId, ReportId, SessionId, StationId, StatusEventId, WorkerId};
use crate::status::Labels;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ReportKind {
    /// The machine is broken.
    Malfunction,
    /// Anything else worth saying.
    General,
    /// Pieces that are no good. Made by the server with the count.
    Scrap,
}

/// Where a report stands. Malfunction: open → known → solved, open → solved, solved → open. The others: new → approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ReportState {
    /// A malfunction nobody has looked at.
    Open,
    /// A malfunction somebody looks after.
    Known,
    /// A malfunction that is over.
    Solved,
    /// A general or scrap report nobody has looked at.
    New,
    /// A general or scrap report that was looked at.
    Approved,
    /// The worker took it back before anybody acted on it.
    Withdrawn,
}

/// A report as a worker makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportDraft {
    /// Malfunction or general; a scrap report comes with its count.
    #[serde(rename = "type")]
    pub kind: ReportKind,
    /// One of the station's reasons of this type.
    pub reason_id: ReasonId,
    /// In the worker's words, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub description: Option<String>,
    /// Pictures that follow by `PUT /api/images/{id}`, at most 5; the ids are the kiosk's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<ImageId>>")]
    pub image_ids: Vec<ImageId>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: ReportKind,
    /// Where it stands.
    pub state: ReportState,
    /// The station.
    pub station_id: StationId,
    /// Its code then.
    pub station_code: String,
    /// Its name then.
    pub station_name: String,
    /// The session it was made in.
    pub session_id: SessionId,
    /// Who made it.
    pub worker_id: WorkerId,
    /// His name then.
    pub worker_name: String,
    /// The stretch it belongs to.
    pub status_event_id: Option<StatusEventId>,
    /// The item in work.
    pub job_item_id: Option<JobItemId>,
    /// Its name then.
    pub job_item_name: Option<String>,
    /// The reason.
    pub reason_id: Option<ReasonId>,
    /// The reason as it was named then.
    pub reason_labels: Option<Labels>,
    /// In the worker's words.
    pub description: Option<String>,
    /// Pieces, in a scrap report.
    #[ts(type = "number")]
    pub scrap: u64,
    /// Its pictures.
    pub images: Vec<ReportImage>,
    /// When it was tapped.
    pub occurred_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// By whom; absent for the worker himself.
    pub changed_by: Option<String>,
    /// Counts the changes of this row.
    pub version: u32,
}

/// A picture of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct ReportImage {
    /// Its id: `GET /api/images/{id}`.
    pub id: ImageId,
    /// Whether it has arrived; before that: picture to follow.
    pub arrived: bool,
}
