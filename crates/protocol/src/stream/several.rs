//! Several streams on one connection.

use super::{
    ActiveSessionsInitial, InitialReason, JobProgressInitial, KioskInitial, NotificationsInitial, PipelineInitial,
    RealtimeInitial, ReportsInitial, SessionDetailInitial, StationsInitial,
};
use crate::cursor::Cursor;
use crate::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// `initial` of any stream.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AnyInitial {
    /// Of `active-sessions`.
    ActiveSessions(ActiveSessionsInitial),
    /// Of `stations`.
    Stations(StationsInitial),
    /// Of `session/ID`.
    Session(SessionDetailInitial),
    /// Of `reports`.
    Reports(ReportsInitial),
    /// Of `job-progress`.
    JobProgress(JobProgressInitial),
    /// Of `notifications`.
    Notifications(NotificationsInitial),
    /// Of `kiosk`.
    Kiosk(KioskInitial),
    /// Of `pipeline?…`.
    Pipeline(PipelineInitial),
    /// Of `realtime?…`.
    Realtime(RealtimeInitial),
}

/// `initial` of one of the topics of a connection.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TopicInitial {
    /// The topic, as it was asked for.
    pub topic: String,
    /// What it begins with.
    #[serde(flatten)]
    pub initial: AnyInitial,
}

/// What `?snapshot=1` answers for several topics, all at one position.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScreenSnapshot {
    /// The position of this snapshot.
    pub offset: u64,
    /// The same as a cursor to resume from.
    pub position: Cursor,
    /// Always null: nobody resumes a snapshot.
    pub reason: Option<InitialReason>,
    /// The server's clock.
    pub server_time: Timestamp,
    /// The topics, in the order in which they were asked for.
    pub topics: Vec<TopicInitial>,
}
