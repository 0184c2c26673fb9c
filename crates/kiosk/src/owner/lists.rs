//! The server's lists, kept on disk for when it is away.

use super::{Heard, Landed, Owner, Reply};
use crate::client::CallError;
use crate::client::kiosk::PIPELINE_STREAM;
use crate::engine::CommandError;
use crate::store::Store;
use crate::stream::{Source, Subscription};
use crate::view::{LinkState, Requests, StationItems};
use millrace_protocol::checklist::StationChecklists;
use millrace_protocol::station::StationChoice;
use millrace_protocol::status::{Reason, ReasonType, StatusDefinition};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{Code, StationId};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The name under which a station's statuses are kept.
pub(super) fn statuses_of(station: StationId) -> String {
    format!("statuses:{station}")
}

/// The name under which a station's reasons are kept.
pub(super) fn reasons_of(station: StationId, kind: ReasonType) -> String {
    // The names are part of the contract; `Debug` is only how they are spelt here.
    format!("reasons:{station}:{kind:?}").to_lowercase()
}

/// The name under which it is kept what can be made at a station.
pub(super) fn items_of(station: StationId) -> String {
    format!("items:{station}")
}

/// The name under which a station's checklists are kept.
pub(super) fn checklists_of(station: StationId) -> String {
    format!("checklists:{station}")
}

/// All that a reason can explain.
pub(super) const REASONS: [ReasonType; 4] =
    [ReasonType::Stop, ReasonType::Malfunction, ReasonType::General, ReasonType::Scrap];

/// What the server says, or, where it is silent, what it said last.
async fn fresh_or_kept<T: Serialize + DeserializeOwned>(
    store: &Store,
    name: &str,
    at: Timestamp,
    result: Result<T, CallError>,
) -> Result<T, CommandError> {
    match result {
        Ok(list) => {
            if let Err(error) = store.remember(name, &list, at).await {
                tracing::warn!(%error, name, "a list is not kept");
            }
            Ok(list)
        }
        Err(error) if says_no(&error) => Err(error.into()),
        Err(error) => store.recall(name).await?.ok_or_else(|| error.into()),
    }
}

/// Whether the server has said something about the list. That nobody is signed in here is said about nobody's list:
/// the session of a worker who is not signed in goes on with the ones that are kept.
fn says_no(error: &CallError) -> bool {
    error.is_answer() && error.code() != Some(Code::Unauthenticated)
}

impl Owner {
    /// Without the server a list is shown at once, not after a time-out.
    async fn kept<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        if self.link.state == LinkState::Offline { self.store.recall(name).await.ok().flatten() } else { None }
    }

    pub(super) async fn stations(&mut self, reply: Reply<Vec<StationChoice>>) {
        let Some(code) = self.worker.as_ref().map(|worker| worker.code.clone()) else {
            return self.reply(reply, Err(CommandError::refused(Code::Unauthenticated, "Sign in first.")));
        };
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return self.reply(reply, Err(error)),
        };
        let name = format!("stations:{code}");
        let kept = self.kept(&name).await;
        let own = self.own_station();
        if let Some(list) = kept.or_else(|| own.clone().filter(|_| self.link.state == LinkState::Offline)) {
            return self.reply(reply, Ok(list));
        }
        let (store, now) = (self.store.clone(), self.clock.now());
        self.flights.spawn(async move {
            let result = client.stations(&code).await;
            let heard = Heard::for_worker(&result);
            let own = own.filter(|_| !result.as_ref().is_err_and(says_no));
            let list = fresh_or_kept(&store, &name, now, result).await;
            drop(reply.send(list.or_else(|error| own.ok_or(error))));
            Landed::Heard(heard)
        });
    }

    /// What a worker whose list was never read here can choose without the server: the station of this kiosk.
    fn own_station(&self) -> Option<Vec<StationChoice>> {
        let (worker, provisions) = (self.worker.as_ref()?, self.provisions.as_ref()?);
        let may = provisions.workers.iter().find(|known| known.worker.id == worker.id)?;
        let station = provisions.station.clone().filter(|_| provisions.offline_start)?;
        Some(vec![StationChoice { station, outside_assignment: may.outside_assignment }])
    }

    /// Where the signed-in worker can work and who is there, live.
    pub(super) fn pipeline(&self) -> Result<Subscription, CommandError> {
        let Some(worker) = &self.worker else {
            return Err(CommandError::refused(Code::Unauthenticated, "Sign in first."));
        };
        let path = format!("{PIPELINE_STREAM}?workerId={}", worker.id).into();
        let (clock, chance) = (self.clock.clone(), self.chance.clone());
        Ok(Subscription::start(Source { client: self.client()?, path, clock, chance }))
    }

    pub(super) async fn statuses(&mut self, station: StationId, reply: Reply<Vec<StatusDefinition>>) {
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return self.reply(reply, Err(error)),
        };
        let name = statuses_of(station);
        if let Some(list) = self.kept(&name).await {
            return self.reply(reply, Ok(list));
        }
        let code = self.worker.as_ref().map(|worker| worker.code.clone());
        let (store, now) = (self.store.clone(), self.clock.now());
        self.flights.spawn(async move {
            let result = client.statuses(code.as_deref(), station).await;
            let heard = Heard::for_worker(&result);
            match fresh_or_kept(&store, &name, now, result).await {
                // The owner replies: who knows the statuses may tap one, and the owner has to know it by then.
                Ok(statuses) if heard == Heard::Answer => Landed::Statuses { station, statuses, reply: Some(reply) },
                outcome => {
                    drop(reply.send(outcome));
                    Landed::Heard(heard)
                }
            }
        });
    }

    pub(super) async fn reasons(&mut self, station: StationId, kind: ReasonType, reply: Reply<Vec<Reason>>) {
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return self.reply(reply, Err(error)),
        };
        let name = reasons_of(station, kind);
        if let Some(list) = self.kept(&name).await {
            return self.reply(reply, Ok(list));
        }
        let code = self.worker.as_ref().map(|worker| worker.code.clone());
        let (store, now) = (self.store.clone(), self.clock.now());
        self.flights.spawn(async move {
            let result = client.reasons(code.as_deref(), station, kind).await;
            let heard = Heard::for_worker(&result);
            drop(reply.send(fresh_or_kept(&store, &name, now, result).await));
            Landed::Heard(heard)
        });
    }

    pub(super) async fn job_items(&mut self, station: StationId, reply: Reply<StationItems>) {
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return self.reply(reply, Err(error)),
        };
        let name = items_of(station);
        if self.link.state == LinkState::Offline
            && let Ok(Some((items, at))) = self.store.recall_with_age(&name).await
        {
            return self.reply(reply, Ok(StationItems { items, as_of: Some(at) }));
        }
        let code = self.worker.as_ref().map(|worker| worker.code.clone());
        let (store, now) = (self.store.clone(), self.server_now());
        self.flights.spawn(async move {
            let result = client.job_items(code.as_deref(), station).await;
            let heard = Heard::for_worker(&result);
            let error = match result {
                Ok(items) => {
                    if let Err(error) = store.remember(&name, &items, now).await {
                        tracing::warn!(%error, name, "a list is not kept");
                    }
                    return Landed::Items { station, items, reply: Some(reply) };
                }
                Err(error) => error,
            };
            let kept = if says_no(&error) { None } else { store.recall_with_age(&name).await.ok().flatten() };
            drop(reply.send(match kept {
                Some((items, at)) => Ok(StationItems { items, as_of: Some(at) }),
                None => Err(error.into()),
            }));
            Landed::Heard(heard)
        });
    }

    pub(super) async fn checklists(&mut self, station: StationId, reply: Reply<StationChecklists>) {
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return self.reply(reply, Err(error)),
        };
        let name = checklists_of(station);
        if let Some(lists) = self.kept(&name).await {
            return self.reply(reply, Ok(lists));
        }
        let code = self.worker.as_ref().map(|worker| worker.code.clone());
        let (store, now) = (self.store.clone(), self.clock.now());
        self.flights.spawn(async move {
            let result = client.checklists(code.as_deref(), station).await;
            let heard = Heard::for_worker(&result);
            drop(reply.send(fresh_or_kept(&store, &name, now, result).await));
            Landed::Heard(heard)
        });
    }

    /// What the running session waits for. Never kept: what was so an hour ago says nothing about a call.
    pub(super) fn requests(&mut self, reply: Reply<Requests>) {
        let (client, claim) = match (self.client(), &self.claim) {
            (Ok(client), Some(claim)) => (client, claim.session.id),
            (Ok(_), None) => return self.reply(reply, Ok(Requests::none())),
            (Err(error), _) => return self.reply(reply, Err(error)),
        };
        let code = self.worker.as_ref().map(|worker| worker.code.clone());
        self.flights.spawn(async move {
            let result = client.requests(code.as_deref(), claim).await;
            let heard = Heard::for_worker(&result);
            drop(reply.send(result.map_err(CommandError::from)));
            Landed::Heard(heard)
        });
    }

    /// Fetches what a session at this station will need, while the server can be reached.
    pub(super) fn stock_up(&mut self, station: StationId) {
        let (Ok(client), store, now) = (self.client(), self.store.clone(), self.clock.now()) else { return };
        let code = self.worker.as_ref().map(|worker| worker.code.clone());
        self.flights.spawn(async move {
            for kind in REASONS {
                if let Ok(list) = client.reasons(code.as_deref(), station, kind).await {
                    drop(store.remember(&reasons_of(station, kind), &list, now).await);
                }
            }
            if let Ok(lists) = client.checklists(code.as_deref(), station).await {
                drop(store.remember(&checklists_of(station), &lists, now).await);
            }
            match client.statuses(code.as_deref(), station).await {
                Ok(statuses) => {
                    drop(store.remember(&statuses_of(station), &statuses, now).await);
                    Landed::Statuses { station, statuses, reply: None }
                }
                Err(error) => Landed::Heard(Heard::of::<()>(&Err(error))),
            }
        });
        self.stock_items(station);
    }

    /// What can be made here, to judge a choice by when the server is away.
    fn stock_items(&mut self, station: StationId) {
        let (Ok(client), store, now) = (self.client(), self.store.clone(), self.server_now()) else { return };
        let code = self.worker.as_ref().map(|worker| worker.code.clone());
        self.flights.spawn(async move {
            match client.job_items(code.as_deref(), station).await {
                Ok(items) => {
                    drop(store.remember(&items_of(station), &items, now).await);
                    Landed::Items { station, items, reply: None }
                }
                Err(error) => Landed::Heard(Heard::of::<()>(&Err(error))),
            }
        });
    }
}
