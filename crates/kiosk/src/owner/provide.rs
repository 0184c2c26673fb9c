//! What a kiosk keeps so that its station goes on without the server: fetched while the server can be asked, kept
//! with its age.

use super::lists::{checklists_of, items_of, reasons_of, statuses_of};
use super::{Heard, Landed, Owner};
use crate::backoff::up_to;
use crate::client::CallError;
use crate::store::StoreError;
use millrace_protocol::provisions::Provisions;
use millrace_protocol::status::{Reason, ReasonType};
use std::time::Duration;

/// How old they may become while the server can be asked.
const FRESH: Duration = Duration::from_secs(600);
/// All kiosks of a plant come back in the same second, and none needs these in that second.
const SPREAD: Duration = Duration::from_secs(10);

/// The name under which they are kept.
pub(super) const PROVISIONS: &str = "provisions";

impl Owner {
    pub(super) fn provide(&mut self) {
        let Ok(client) = self.client() else { return };
        self.larder.flying = true;
        self.flights.spawn(async move { Landed::Provided(Box::new(client.provisions().await)) });
    }

    pub(super) async fn provided_with(&mut self, result: Result<Provisions, CallError>) {
        let now = self.clock.monotonic();
        self.heard(Heard::of(&result));
        match result {
            Ok(provisions) => {
                self.larder.backoff.succeeded();
                self.larder.landed(now + FRESH);
                let kept = self.keep(&provisions).await;
                if self.wrote(kept).is_ok() {
                    self.provisions = Some(provisions);
                }
            }
            Err(error) => {
                let wait = match error.retry_after() {
                    Some(named) => self.larder.backoff.failed_until(named, &*self.chance),
                    None => self.larder.backoff.failed(&*self.chance),
                };
                self.larder.landed(now + wait);
            }
        }
    }

    /// The link is back: soon, but not all at once.
    pub(super) fn provide_soon(&mut self) {
        let soon = self.clock.monotonic() + up_to(SPREAD, &*self.chance);
        self.larder.due = self.larder.due.min(soon);
    }

    /// Keeps them whole, and as the lists that a session asks for.
    async fn keep(&self, provisions: &Provisions) -> Result<(), StoreError> {
        let at = provisions.as_of;
        if let Some(station) = provisions.station.as_ref().map(|station| station.id) {
            self.store.remember(&statuses_of(station), &provisions.statuses, at).await?;
            self.store.remember(&items_of(station), &provisions.job_items, at).await?;
            self.store.remember(&checklists_of(station), &provisions.checklists, at).await?;
            let reasons: [(ReasonType, &Vec<Reason>); 4] = [
                (ReasonType::Stop, &provisions.reasons.stop),
                (ReasonType::Malfunction, &provisions.reasons.malfunction),
                (ReasonType::General, &provisions.reasons.general),
                (ReasonType::Scrap, &provisions.reasons.scrap),
            ];
            for (kind, list) in reasons {
                self.store.remember(&reasons_of(station, kind), list, at).await?;
            }
        }
        self.store.remember(PROVISIONS, provisions, at).await
    }
}
