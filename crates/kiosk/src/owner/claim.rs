//! Coming to own a session, and losing it.
//!
//! The instance is on the disk before the server is asked, and the claim before it is used: wherever
//! the process ends in between, asking again with the same instance finds out.

use super::enrol::IMPATIENCE;
use super::message::Flight;
use super::{Asked, Deferred, Heard, Landed, Owner, Reply, Since};
use crate::client::{CALL_LIMIT, CallError, Client};
use crate::engine::CommandError;
use crate::store::{Brought, By, Claim, Draft, Kind, Opening, Purpose};
use crate::view::{Ended, LinkState, TakingOver};
use millrace_protocol::session::{Claimed, CloseReason, HandoverRequest, OpenRequest, Owner as Holder};
use millrace_protocol::session::{TakeoverRequest, ThenAction};
use millrace_protocol::worker::Worker;
use millrace_protocol::{Code, InstanceId, Problem, SessionId, StationId, WorkerId};
use serde_json::Value;
use std::time::Duration;

/// How long a claim waits for the outbox to drain.
const DRAIN: Duration = Duration::from_secs(10);

impl Owner {
    pub(super) async fn claim_or_defer(&mut self, asked: Asked, reply: Reply<()>) {
        let free = self.queue.is_empty() && !self.busy() && self.deferred.is_none();
        if self.is_alone()
            && (!free || self.unverified)
            && let Some(outcome) = self.begin_alone(&asked).await
        {
            // What may not begin by what is known here the server may know better, if it can be reached after all.
            if outcome.is_ok() || !free {
                return self.reply(reply, outcome);
            }
        }
        // It is asked in any case: a kiosk may have lost its stream and no more. Of a worker who signed in without it it
        // has not heard.
        if free {
            return self.ask(asked, reply).await;
        }
        if self.deferred.is_some() || self.hold.is_some() || self.link.state == LinkState::Offline {
            return self.reply(reply, Err(still_waiting()));
        }
        self.deferred = Some(Deferred { asked, reply, until: self.clock.monotonic() + DRAIN });
    }

    /// Whether something is being asked that has to be answered before a claim: another claim, or who stands here.
    fn busy(&self) -> bool {
        let unheard = self.unverified && self.link.state == LinkState::Online && self.verify_due.is_zero();
        self.claiming || self.verifying || unheard
    }

    pub(super) async fn take_up_deferred(&mut self) {
        let Some(deferred) = self.deferred.take() else { return };
        let free = self.queue.is_empty() && !self.busy();
        if self.is_alone()
            && (!free || self.unverified)
            && let Some(outcome) = self.begin_alone(&deferred.asked).await
        {
            self.reply(deferred.reply, outcome);
        } else if free {
            self.ask(deferred.asked, deferred.reply).await;
        } else if self.clock.monotonic() >= deferred.until {
            // What was tapped before does not get through: what can begin without the server begins behind it.
            let may = self.knows_workers() && self.link.state != LinkState::Refused && !self.claiming;
            let begun = if may { self.begin_alone(&deferred.asked).await } else { None };
            self.reply(deferred.reply, begun.unwrap_or_else(|| Err(still_waiting())));
        } else {
            self.deferred = Some(deferred);
        }
    }

    async fn ask(&mut self, asked: Asked, reply: Reply<()>) {
        match self.prepared(&asked).await {
            Err(error) => self.reply(reply, Err(error)),
            Ok(None) => self.reply(reply, Ok(())),
            Ok(Some((flight, client, worker))) => self.fly_for(flight, client, &worker, Some(reply)),
        }
    }

    fn fly_for(&mut self, flight: Flight, client: Client, worker: &Worker, reply: Option<Reply<()>>) {
        self.claiming = true;
        let (since, code) = (self.since(), worker.code.clone());
        let away = self.link.state == LinkState::Offline && self.knows_workers();
        let limit = if away { IMPATIENCE } else { CALL_LIMIT };
        self.flights.spawn(async move {
            let result = Box::new(fly(&client, &code, &flight.opening, limit).await);
            Landed::Claimed { flight, since, result, reply }
        });
    }

    /// A claim whose answer never came, because the process ended or the link was cut: asked for again it is the same
    /// claim. Where there is none, the server is asked what the worker may go on with.
    pub(super) async fn ask_what_was_asked(&mut self) {
        let free = self.link.state == LinkState::Online && self.queue.is_empty() && !self.busy();
        if !self.ask_again || !free || self.deferred.is_some() {
            return;
        }
        self.ask_again = false;
        let recalled = std::mem::take(&mut self.recalled);
        let (Ok(client), Some(worker)) = (self.client(), self.worker.clone()) else { return };
        match self.store.opening().await {
            // What this process asked for itself its worker has heard of, and may want no more.
            Ok(Some(opening)) if recalled && opening.brings.worker.is_none_or(|asked| asked == worker.id) => {
                self.fly_for(Flight { opening, again: true }, client, &worker, None);
            }
            Ok(_) if self.claim.is_none() && self.resumable.is_none() && self.provisional.is_none() => {
                self.flights
                    .spawn(async move { Landed::Resumable(Box::new(client.active_session(&worker.code).await)) });
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "a claim that was asked for can't be read"),
        }
    }

    /// What is to be asked for, on the disk; nothing where it is owned already.
    async fn prepared(&mut self, asked: &Asked) -> Result<Option<(Flight, Client, Worker)>, CommandError> {
        let client = self.client()?;
        let worker =
            self.worker.clone().ok_or_else(|| CommandError::refused(Code::Unauthenticated, "Sign in first."))?;
        let before = self.store.opening().await?;
        let none =
            || CommandError::refused(Code::SessionNotFound, "There is no session to go on with. Open a new one.");
        let purpose = match (asked, &self.claim) {
            (Asked::Open(..), Some(claim)) => {
                let problem = Problem::new(Code::SessionAlreadyExists, "A session is running at this kiosk.")
                    .with("session", &claim.session);
                return Err(CommandError::Refused(Box::new(problem)));
            }
            (Asked::Resume, Some(_)) => return Ok(None),
            (Asked::Open(station, _), None) => Purpose::Open { station: *station },
            (Asked::Resume, None) => {
                let found = self.resumable.as_ref().ok_or_else(none)?;
                match before.as_ref().map(|opening| opening.purpose) {
                    // The opening whose answer never came: the session may be this one, and then it is ours already.
                    Some(open @ Purpose::Open { station }) if found.here && station == found.session.station_id => open,
                    _ => Purpose::TakeOver { session: found.session.id },
                }
            }
            (Asked::Discard, _) => Purpose::Discard { session: self.resumable.as_ref().ok_or_else(none)?.session.id },
            (Asked::ContinueHere, _) => Purpose::TakeOver { session: self.provisional.as_ref().ok_or_else(none)?.id },
            (Asked::EndedAt(at), _) => {
                Purpose::EndedAt { session: self.provisional.as_ref().ok_or_else(none)?.id, at: *at }
            }
            (Asked::HandOver(_), Some(claim)) if claim.session.worker_id != worker.id => {
                Purpose::HandOver { session: claim.session.id, station: claim.session.station_id }
            }
            (Asked::HandOver(_), _) => {
                return Err(CommandError::refused(
                    Code::InvalidStatusTransition,
                    "There is no session of somebody else here to take over.",
                ));
            }
        };
        let flight = match before {
            Some(before) if before.purpose == purpose && before.brings.worker == Some(worker.id) => {
                Flight { opening: Opening { brings: brought(asked, worker.id), ..before }, again: true }
            }
            _ => {
                let instance = InstanceId(self.chance.uuid(self.clock.now()));
                let id = Some(SessionId(self.chance.uuid(self.server_now())));
                Flight { opening: Opening { instance, id, purpose, brings: brought(asked, worker.id) }, again: false }
            }
        };
        let kept = self.store.asking(&flight.opening).await;
        self.wrote(kept)?;
        Ok(Some((flight, client, worker)))
    }

    /// The answer to a claim that was asked for.
    pub(super) async fn claimed(
        &mut self,
        Flight { opening, again }: Flight,
        since: Since,
        result: Result<Claimed, CallError>,
        wanted: bool,
    ) -> Result<(), CommandError> {
        self.heard(Heard::of(&result));
        let claimed = match result {
            Ok(claimed) => claimed,
            Err(error) => {
                self.not_claimed(&error, again).await?;
                // The server is away, as it turns out: what can begin without it begins.
                if wanted
                    && self.is_alone()
                    && let Some(asked) = beginning(&opening)
                    && let Some(outcome) = self.begin_alone(&asked).await
                {
                    return outcome;
                }
                return Err(error.into());
            }
        };
        self.learn(claimed.server_time, since).await;
        self.seen(claimed.last_seq, since).await?;
        if matches!(opening.purpose, Purpose::Discard { .. } | Purpose::EndedAt { .. }) {
            self.store.refused().await?;
            self.resumable = None;
            self.provisional = None;
            return Ok(());
        }
        let claim = Claim {
            instance: opening.instance,
            epoch: claimed.epoch,
            session: claimed.session,
            status_event: None,
            ending: false,
        };
        let kept = match self.retold(&opening, &claim) {
            Some(draft) => self.store.begun(draft, &claim, self.clock.now()).await,
            None => self.store.claimed(&claim).await,
        };
        self.wrote(kept)?;
        let station = claim.session.station_id;
        self.statuses = self.store.recall(&super::lists::statuses_of(station)).await.ok().flatten().unwrap_or_default();
        self.items = self.store.recall(&super::lists::items_of(station)).await.ok().flatten().unwrap_or_default();
        self.claim = Some(claim);
        self.resumable = None;
        self.provisional = None;
        self.last_action = None;
        self.undoable = None;
        self.ended = None;
        self.forget("ended").await;
        self.heart.hurry();
        self.stock_up(station);
        Ok(())
    }

    /// What is to be said of a session that began with the server, should it forget that: the same as if it had begun
    /// without. A takeover of one that others opened has no such words.
    fn retold(&self, opening: &Opening, begun: &Claim) -> Option<Draft> {
        let session = &begun.session;
        let opening = Opening { id: Some(session.id), ..opening.clone() };
        let (kind, path, request, under) = match opening.purpose {
            Purpose::Open { station } => {
                (Kind::Open, "/api/sessions", serde_json::to_string(&open_request(&opening, station)), begun)
            }
            Purpose::HandOver { session, station } => {
                let ends = self.claim.as_ref().filter(|claim| claim.session.id == session)?;
                let request = serde_json::to_string(&handover_request(&opening, session, station));
                (Kind::HandOver, "/api/sessions/handover", request, ends)
            }
            Purpose::TakeOver { .. } | Purpose::Discard { .. } | Purpose::EndedAt { .. } => return None,
        };
        Some(Draft {
            kind,
            path: path.to_owned(),
            request: request.ok()?,
            session: under.session.id,
            instance: under.instance,
            epoch: under.epoch,
            wall_at: self.clock.now(),
            boot_id: self.boot.id(),
            boot_ms: self.boot.millis(),
            running: Some(self.running),
            undoes: None,
            opens: Some(session.id),
            by: Some(By {
                id: session.worker_id,
                code: session.worker_code.clone(),
                name: session.worker_name.clone(),
            }),
        })
    }

    async fn not_claimed(&mut self, error: &CallError, again: bool) -> Result<(), CommandError> {
        if error.never_left() && !again {
            // Nobody has heard it: it may begin here instead.
            self.store.refused().await?;
        }
        let CallError::Problem { problem, .. } = error else { return Ok(()) };
        // A server that is unwell may have taken it all the same; any other problem is a no.
        if problem.status < 500 && problem.code != Code::RateLimited {
            self.store.refused().await?;
        }
        if problem.code == Code::Unauthenticated {
            self.not_signed_in();
        }
        // Whatever stands against it, the claim that is held may be the one that is wrong.
        self.heart.hurry();
        if problem.code == Code::SessionAlreadyExists
            && let (Ok(client), Some(worker)) = (self.client(), self.worker.clone())
        {
            self.flights.spawn(async move { Landed::Resumable(Box::new(client.active_session(&worker.code).await)) });
        }
        Ok(())
    }

    /// The session is not ours any more. It is shown until the worker has seen it, also after a restart.
    pub(super) async fn lose(&mut self, ended: Ended) {
        if let Err(error) = self.store.remember("ended", &ended, self.clock.now()).await {
            tracing::warn!(%error, "how the session ended is not kept");
        }
        self.unclaim().await;
        self.ended = Some(ended);
    }

    pub(super) async fn unclaim(&mut self) {
        // Left on the disk, the next start asks the server with it, and is told the same again.
        if let Err(error) = self.store.unclaimed().await {
            tracing::warn!(%error, "a lost claim is still on the disk");
        }
        if let (Some(claim), Some(found)) = (&self.claim, &self.resumable)
            && claim.session.id == found.session.id
        {
            self.resumable = None;
        }
        self.claim = None;
        self.statuses.clear();
        self.items.clear();
    }

    /// How a session was lost, by the problem that said so; nothing where the problem says nothing of the kind.
    pub(super) fn ended_by(&self, claim: &Claim, problem: &Problem) -> Option<Ended> {
        let (session_id, waiting) = (claim.session.id, self.waiting());
        let member = |name: &str| problem.extra.get(name).cloned().unwrap_or(Value::Null);
        match problem.code {
            Code::InstanceMismatch => {
                let holder: Option<Holder> = serde_json::from_value(member("owner")).ok();
                let (kiosk_name, at) = holder.map(|holder| (holder.kiosk_name, holder.since)).unzip();
                Some(Ended::Transferred { session_id, kiosk_name, at, waiting })
            }
            Code::SessionNotActive | Code::SessionNotFound => {
                let reason: Option<CloseReason> = serde_json::from_value(member("reason")).ok();
                let at = serde_json::from_value(member("endedAt")).ok();
                let text = |name: &str| member(name).as_str().map(str::to_owned);
                let (by, note) = (text("by"), text("note"));
                Some(Ended::Closed { session_id, reason, by, note, at, problem: None, waiting })
            }
            _ => None,
        }
    }
}

/// What the worker brings.
fn brought(asked: &Asked, worker: WorkerId) -> Brought {
    let worker = Some(worker);
    match asked {
        Asked::Open(_, checklist) => Brought { worker, checklist: checklist.clone(), ..Brought::default() },
        Asked::HandOver(TakingOver { quantities, quantities_unknown, checklist }) => Brought {
            worker,
            checklist: checklist.clone(),
            quantities: quantities.clone(),
            quantities_unknown: *quantities_unknown,
        },
        Asked::Resume | Asked::Discard | Asked::ContinueHere | Asked::EndedAt(_) => {
            Brought { worker, ..Brought::default() }
        }
    }
}

/// What was asked for, where a session begins with it.
fn beginning(opening: &Opening) -> Option<Asked> {
    let Brought { checklist, quantities, quantities_unknown, .. } = opening.brings.clone();
    match opening.purpose {
        Purpose::Open { station } => Some(Asked::Open(station, checklist)),
        Purpose::HandOver { .. } => Some(Asked::HandOver(TakingOver { quantities, quantities_unknown, checklist })),
        Purpose::TakeOver { .. } | Purpose::Discard { .. } | Purpose::EndedAt { .. } => None,
    }
}

fn open_request(opening: &Opening, station: StationId) -> OpenRequest {
    OpenRequest {
        station_id: station,
        instance_id: opening.instance,
        checklist: opening.brings.checklist.clone(),
        id: opening.id,
        action: None,
    }
}

fn handover_request(opening: &Opening, session: SessionId, station: StationId) -> HandoverRequest {
    let Brought { checklist, quantities, quantities_unknown, .. } = opening.brings.clone();
    HandoverRequest {
        session_id: session,
        station_id: station,
        instance_id: opening.instance,
        quantities,
        quantities_unknown: quantities_unknown.then_some(true),
        checklist,
        id: opening.id,
        action: None,
    }
}

async fn fly(client: &Client, worker_code: &str, opening: &Opening, limit: Duration) -> Result<Claimed, CallError> {
    let instance_id = opening.instance;
    match opening.purpose {
        Purpose::Open { station } => client.open(worker_code, &open_request(opening, station), limit).await,
        Purpose::TakeOver { session } => {
            let request = TakeoverRequest { session_id: session, instance_id, then: None, ended_at: None };
            client.take_over(worker_code, &request).await
        }
        Purpose::Discard { session } => {
            let request =
                TakeoverRequest { session_id: session, instance_id, then: Some(ThenAction::Abandon), ended_at: None };
            client.take_over(worker_code, &request).await
        }
        Purpose::EndedAt { session, at } => {
            let then = Some(ThenAction::Complete);
            let request = TakeoverRequest { session_id: session, instance_id, then, ended_at: Some(at) };
            client.take_over(worker_code, &request).await
        }
        Purpose::HandOver { session, station } => {
            client.hand_over(worker_code, &handover_request(opening, session, station), limit).await
        }
    }
}

fn still_waiting() -> CommandError {
    CommandError::refused(
        Code::Unavailable,
        "Actions of this kiosk still wait to be sent. This is possible once they are: check the network.",
    )
}
