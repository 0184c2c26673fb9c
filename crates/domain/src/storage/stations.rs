//! Stations, managed by administrators. Who works at them belongs to the [`Floor`](super::Floor).

use super::{Actor, Asked, Listed, Result};
use async_trait::async_trait;
use millrace_protocol::StationId;
use millrace_protocol::station::{Station, StationDraft};

/// Stations. Drafts were checked before; what only the database can know is refused by it.
#[async_trait]
pub trait Stations: Send + Sync + 'static {
    /// Stations by code, with who is there; all of them, or only those that are (not) in use.
    async fn all_stations(&self, asked: Asked, active: Option<bool>) -> Result<Listed<Station>>;

    /// The types that stations have, each once, by name.
    async fn station_types(&self) -> Result<Vec<String>>;

    /// A station.
    async fn station(&self, id: StationId) -> Result<Option<Station>>;

    /// Makes a station.
    async fn create_station(&self, by: Actor, draft: StationDraft) -> Result<Station>;

    /// Changes a station that is at this version.
    async fn change_station(&self, by: Actor, id: StationId, version: u32, draft: StationDraft) -> Result<Station>;

    /// Removes a station that is at this version and that nothing needs.
    async fn delete_station(&self, by: Actor, id: StationId, version: u32) -> Result<()>;
}
