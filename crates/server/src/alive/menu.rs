//! What a player can choose from at his station.

use super::wire::{Answer, Wire};
use crate::demo::statuses::{BREAK, SETUP};
use millrace_domain::status::{PRODUCTION, STOP};
use millrace_protocol::status::{MachineState, Reason, StatusDefinition};
use millrace_protocol::{ReasonId, StationId, StatusDefinitionId};

/// The statuses and reasons of a station.
#[derive(Debug, Clone)]
pub(super) struct Menu {
    statuses: Vec<StatusDefinition>,
    reasons: Vec<Reason>,
}

impl Menu {
    /// Read as a kiosk reads it, by the worker who is signed in.
    pub(super) async fn read(wire: &Wire, worker: &str, station: StationId) -> Answer<Self> {
        Ok(Self { statuses: wire.statuses(worker, station).await?, reasons: wire.stop_reasons(worker, station).await? })
    }

    fn by_key(&self, key: &str) -> Option<StatusDefinitionId> {
        self.statuses.iter().find(|status| status.key == key).map(|status| status.id)
    }

    pub(super) fn production(&self) -> Option<StatusDefinitionId> {
        self.by_key(PRODUCTION)
    }

    pub(super) fn stop(&self) -> Option<StatusDefinitionId> {
        self.by_key(STOP)
    }

    pub(super) fn setup(&self) -> Option<StatusDefinitionId> {
        self.by_key(SETUP)
    }

    pub(super) fn pause(&self) -> Option<StatusDefinitionId> {
        self.by_key(BREAK)
    }

    /// One of the reasons, by a number that may be larger than there are.
    pub(super) fn reason(&self, number: u64) -> Option<ReasonId> {
        let count = u64::try_from(self.reasons.len()).ok().filter(|count| *count > 0)?;
        self.reasons.get(usize::try_from(number % count).ok()?).map(|reason| reason.id)
    }

    /// Whether a status is one of production.
    pub(super) fn produces(&self, status: Option<StatusDefinitionId>) -> bool {
        let found = self.statuses.iter().find(|definition| Some(definition.id) == status);
        found.is_some_and(|definition| definition.machine_state == MachineState::Production)
    }
}
