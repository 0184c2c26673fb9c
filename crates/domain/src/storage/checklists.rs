//! Checklists: which ones a station asks. Answering them belongs to opening, handing over and ending a session.

use super::Result;
use async_trait::async_trait;
use millrace_protocol::StationId;
use millrace_protocol::checklist::StationChecklists;

/// Checklists.
#[async_trait]
pub trait Checklists: Send + Sync + 'static {
    /// What a station asks when a session starts and ends there; none for a station that is not in use.
    async fn station_checklists(&self, station: StationId) -> Result<Option<StationChecklists>>;
}
