//! What a player can choose from at his station.

use super::wire::{Answer, Wire};
use crate::demo::statuses::{BREAK, SETUP};
use millrace_domain::status::{MALFUNCTION, PRODUCTION, STOP};
use millrace_protocol::planning::StationJobItem;
use millrace_protocol::status::{MachineState, Reason, StatusDefinition};
use millrace_protocol::{ReasonId, StationId, StatusDefinitionId};

/// The statuses, reasons and items of a station.
#[derive(Debug, Clone)]
pub(super) struct Menu {
    statuses: Vec<StatusDefinition>,
    reasons: Vec<Reason>,
    malfunctions: Vec<Reason>,
    scrap: Vec<Reason>,
    items: Vec<StationJobItem>,
}

impl Menu {
    /// Read as a kiosk reads it, by the worker who is signed in.
    pub(super) async fn read(wire: &Wire, worker: &str, station: StationId) -> Answer<Self> {
        Ok(Self {
            statuses: wire.statuses(worker, station).await?,
            reasons: wire.reasons(worker, station, "stop").await?,
            malfunctions: wire.reasons(worker, station, "malfunction").await?,
            scrap: wire.reasons(worker, station, "scrap").await?,
            items: wire.job_items(worker, station).await?,
        })
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

    pub(super) fn malfunction(&self) -> Option<StatusDefinitionId> {
        self.by_key(MALFUNCTION)
    }

    /// One of the reasons of a stop, by a number that may be larger than there are; likewise below.
    pub(super) fn reason(&self, number: u64) -> Option<ReasonId> {
        one_of(&self.reasons, number).map(|reason| reason.id)
    }

    pub(super) fn malfunction_reason(&self, number: u64) -> Option<ReasonId> {
        one_of(&self.malfunctions, number).map(|reason| reason.id)
    }

    pub(super) fn scrap_reason(&self, number: u64) -> Option<ReasonId> {
        one_of(&self.scrap, number).map(|reason| reason.id)
    }

    /// An item to work on that asks for no approval; one that is not complete, if there is one.
    pub(super) fn item(&self, number: u64) -> Option<&StationJobItem> {
        let free = |item: &&StationJobItem| !item.first_product_approval;
        let open: Vec<_> = self.items.iter().filter(free).filter(|item| !item.complete).collect();
        one_of(&open, number).copied().or_else(|| self.items.iter().find(free))
    }

    /// Whether a status is one of production.
    pub(super) fn produces(&self, status: Option<StatusDefinitionId>) -> bool {
        let found = self.statuses.iter().find(|definition| Some(definition.id) == status);
        found.is_some_and(|definition| definition.machine_state == MachineState::Production)
    }
}

fn one_of<T>(list: &[T], number: u64) -> Option<&T> {
    let count = u64::try_from(list.len()).ok().filter(|count| *count > 0)?;
    list.get(usize::try_from(number % count).ok()?)
}
