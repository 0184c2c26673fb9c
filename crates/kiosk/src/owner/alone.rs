//! Sessions that begin while the server is away: judged by the same rules on what is known here, owned from the first
//! moment, and sent before everything else that is tapped in them.

use super::judge::refused;
use super::lists::{items_of, statuses_of};
use super::{Asked, Owner};
use crate::engine::CommandError;
use crate::store::{By, Claim, Draft, Kind, Opening, Purpose};
use crate::view::{ActionState, LastAction, LinkState, TakingOver};
use millrace_domain::people::MeantFor;
use millrace_domain::quantity::{self, Reason as Named};
use millrace_domain::session::hand_over::{Handover, hand_over};
use millrace_domain::session::open::{Opening as Wanted, open};
use millrace_domain::session::{Claimer, Live, Moment, StationSnapshot, WorkerSnapshot};
use millrace_domain::status::STOP;
use millrace_domain::{Policy, Refusal, checklist};
use millrace_protocol::checklist::ChecklistAnswers;
use millrace_protocol::provisions::{ProvidedWorker, Provisions};
use millrace_protocol::session::Session;
use millrace_protocol::station::Station;
use millrace_protocol::status::{CurrentStatus, StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{Code, InstanceId, SessionId, StationId, StatusEventId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The name under which it is kept when the last session at this station was ended here.
const LEFT: &str = "left";

/// All that is known here of who begins where.
struct Known {
    provisions: Provisions,
    station: Station,
    worker: ProvidedWorker,
    claimer: Claimer,
}

impl Known {
    fn worker(&self) -> WorkerSnapshot {
        let worker = &self.worker.worker;
        let (id, code, name) = (worker.id, worker.code.clone(), worker.name.clone());
        // He is among those who may use it; that he is meant for others is told beside.
        WorkerSnapshot { id, code, name, meant_for: MeantFor::default() }
    }

    fn station(&self) -> StationSnapshot {
        let Station { id, code, name, area, minor_stop_ms, .. } = self.station.clone();
        StationSnapshot { id, code, name, area, minor_stop_ms }
    }

    fn status(&self, wanted: impl Fn(&StatusDefinition) -> bool) -> Result<StatusDefinition, CommandError> {
        self.provisions
            .statuses
            .iter()
            .find(|status| wanted(status))
            .cloned()
            .ok_or_else(|| refused(&Refusal::StatusNotAllowed))
    }
}

impl Owner {
    /// Whether a session may begin here with nobody asked: the server is away, or what was tapped before does not get
    /// through to it.
    pub(super) fn is_alone(&self) -> bool {
        let cut = self.link.state == LinkState::Offline || (!self.queue.is_empty() && self.hold.is_some());
        cut && self.link.state != LinkState::Refused && self.knows_workers() && !self.claiming
    }

    /// Begins what was asked for without the server. Nothing where it can only be had with it.
    pub(super) async fn begin_alone(&mut self, asked: &Asked) -> Option<Result<(), CommandError>> {
        match asked {
            Asked::Open(station, checklist) => Some(self.open_alone(*station, checklist.as_ref()).await),
            Asked::HandOver(taking) => Some(self.hand_over_alone(taking).await),
            Asked::Resume | Asked::Discard | Asked::ContinueHere | Asked::EndedAt(_) => None,
        }
    }

    async fn open_alone(&mut self, station: StationId, answers: Option<&ChecklistAnswers>) -> Result<(), CommandError> {
        if let Some(claim) = self.claim.as_ref().filter(|claim| !claim.ending) {
            return Err(refused(&Refusal::SessionAlreadyExists { session: Box::new(claim.session.clone()) }));
        }
        // One that was sent and not answered may have been taken: then it is this same session.
        let own = self.worker.as_ref().map(|worker| worker.id);
        let same = |before: &Opening| before.purpose == Purpose::Open { station } && before.brings.worker == own;
        let pending = self.store.opening().await?.filter(same);
        let known = self.known_here(station, pending.as_ref())?;
        if let Some(list) = &known.provisions.checklists.start {
            checklist::check(list, None, answers).map_err(|refusal| refused(&refusal))?;
        }
        if let Some(worker_name) = self.occupied_by(&known).await? {
            return Err(refused(&Refusal::StationOccupied { worker_name }));
        }
        let (now, policy) = (self.server_now(), Policy::default());
        let wanted = Wanted {
            worker: known.worker(),
            station: known.station.active.then(|| known.station()),
            status: known.status(|status| status.key == STOP)?,
            held: vec![],
            occupant: None,
            claimer: known.claimer.clone(),
            id: Some(self.new_session(pending.as_ref())),
            after: None,
            offline_at: Some(now),
        };
        let moment = Moment { now, chance: &*self.chance, policy: &policy };
        let (live, _) = open(wanted, &moment).map_err(|refusal| refused(&refusal))?;
        let mut request = json!({"stationId": station});
        if let Some(answers) = answers {
            request["checklist"] = json!(answers);
        }
        let draft = Draft {
            kind: Kind::Open,
            path: "/api/sessions".to_owned(),
            ..self.beginning(&known, &live, request, None)
        };
        self.begun_alone(&known, live, draft).await
    }

    async fn hand_over_alone(&mut self, taking: &TakingOver) -> Result<(), CommandError> {
        let none = "There is no session of somebody else here to take over.";
        let claim = self
            .claim
            .clone()
            .filter(|claim| !claim.ending)
            .ok_or_else(|| CommandError::refused(Code::InvalidStatusTransition, none))?;
        // One that was sent and not answered may have been taken: then it is this same handover, or another worker's.
        let own = self.worker.as_ref().map(|worker| worker.id);
        let asked = |before: &Opening| matches!(before.purpose, Purpose::HandOver { .. });
        let pending = self.store.opening().await?.filter(asked);
        if pending.as_ref().is_some_and(|before| before.brings.worker != own || before.id.is_none()) {
            let sent = "The server was asked for this already and may have done it. Wait until it can be reached.";
            return Err(CommandError::refused(Code::Unavailable, sent));
        }
        let known = self.known_here(claim.session.station_id, pending.as_ref())?;
        if let Some(list) = &known.provisions.checklists.start {
            checklist::check(list, None, taking.checklist.as_ref()).map_err(|refusal| refused(&refusal))?;
        }
        self.judge_quantities(claim.session.station_id, taking.quantities.as_ref()).await?;
        let nameless = |id| Named { id, labels: BTreeMap::new() };
        let counted = match &taking.quantities {
            Some(counted) => Some(
                quantity::checked(counted, counted.scrap_reason_id.map(nameless))
                    .map_err(|refusal| refused(&refusal))?,
            ),
            None => None,
        };
        let running = self.expected(&claim);
        let going_on = known.status(|status| Some(status.id) == running.current_status_id);
        // Taken out of use meanwhile: it begins as any other.
        let status = going_on.or_else(|_| known.status(|status| status.key == STOP))?;
        let (now, policy) = (self.server_now(), Policy::default());
        let handover = Handover {
            live: Live { event: self.stretch(&running, &status, claim.epoch), session: running, epoch: claim.epoch },
            status,
            station: known.station(),
            next: known.worker(),
            held: vec![],
            claimer: known.claimer.clone(),
            counted,
            unknown: taking.quantities_unknown,
            // What else is missing in that session the server knows.
            others_missing: false,
            id: Some(self.new_session(pending.as_ref())),
            offline_at: Some(now),
        };
        let moment = Moment { now, chance: &*self.chance, policy: &policy };
        let (live, _) = hand_over(handover, &moment).map_err(|refusal| refused(&refusal))?;
        let mut request = json!({"sessionId": claim.session.id, "stationId": claim.session.station_id});
        if let Some(counted) = &taking.quantities {
            request["quantities"] = json!(counted);
        }
        if taking.quantities_unknown {
            request["quantitiesUnknown"] = json!(true);
        }
        if let Some(answers) = &taking.checklist {
            request["checklist"] = json!(answers);
        }
        let path = "/api/sessions/handover".to_owned();
        let draft = Draft { kind: Kind::HandOver, path, ..self.beginning(&known, &live, request, Some(&claim)) };
        self.begun_alone(&known, live, draft).await
    }

    /// Who would begin at this station, where the plant and the provisions let him.
    fn known_here(&self, station: StationId, pending: Option<&Opening>) -> Result<Known, CommandError> {
        let unavailable = |what: &str| CommandError::refused(Code::Unavailable, what);
        let elsewhere =
            || unavailable("The server can't be reached. Without it this kiosk starts at its own station only.");
        let worker =
            self.worker.as_ref().ok_or_else(|| CommandError::refused(Code::Unauthenticated, "Sign in first."))?;
        let enrolment = self.enrolment.as_ref().ok_or_else(elsewhere)?;
        let provisions = self.provisions.clone().ok_or_else(elsewhere)?;
        let here = provisions.station.clone().filter(|here| here.id == station).ok_or_else(elsewhere)?;
        if !provisions.offline_start {
            return Err(unavailable("The server can't be reached, and this plant lets no kiosk start without it."));
        }
        let may = provisions.workers.iter().find(|known| known.worker.id == worker.id);
        let worker = may.cloned().ok_or_else(|| refused(&Refusal::StationNotAllowed))?;
        let made = || InstanceId(self.chance.uuid(self.clock.now()));
        let instance = pending.map_or_else(made, |pending| pending.instance);
        let claimer = Claimer { kiosk: enrolment.identity.kiosk_id, instance };
        Ok(Known { provisions, station: here, worker, claimer })
    }

    fn new_session(&self, pending: Option<&Opening>) -> SessionId {
        let made = || SessionId(self.chance.uuid(self.server_now()));
        pending.and_then(|pending| pending.id).unwrap_or_else(made)
    }

    /// Who else is at the station as far as is known: not who was seen to leave, and not the worker himself.
    async fn occupied_by(&self, known: &Known) -> Result<Option<String>, CommandError> {
        let Some(there) = &known.station.occupancy else { return Ok(None) };
        let left: Option<Timestamp> = self.store.recall(LEFT).await?;
        let gone = left.is_some_and(|left| there.since <= left) || there.worker_name == known.worker.worker.name;
        Ok((!gone).then(|| there.worker_name.clone()))
    }

    /// A session at this station ended here: it is free, whatever was last heard of it.
    pub(super) async fn left(&self) {
        let now = self.server_now();
        if let Err(error) = self.store.remember(LEFT, &now, now).await {
            tracing::warn!(%error, "it is not kept that the station is free");
        }
    }

    /// The open stretch of a session as it shows here.
    fn stretch(&self, session: &Session, status: &StatusDefinition, epoch: u32) -> StatusEvent {
        StatusEvent {
            id: StatusEventId(self.chance.uuid(self.server_now())),
            session_id: session.id,
            status_definition_id: status.id,
            status: session.current_status.clone().unwrap_or_else(|| CurrentStatus::from(status)),
            reason_id: None,
            note: None,
            time_class: Some(status.time_class),
            job_item_id: session.job_item_id,
            job_item_name: session.job_item_name.clone(),
            job_number: session.job_number.clone(),
            step_id: session.step_id,
            started_at: session.last_status_change_at,
            ended_at: None,
            unknown: false,
            voided: false,
            estimated: false,
            shifted_from: None,
            epoch,
            version: 1,
        }
    }

    /// What is to be sent of a beginning, under the claim on the session that ends with it, or under its own.
    fn beginning(&self, known: &Known, live: &Live, mut request: Value, ends: Option<&Claim>) -> Draft {
        request["id"] = json!(live.session.id);
        request["instanceId"] = json!(known.claimer.instance);
        let (session, instance, epoch) = match ends {
            Some(claim) => (claim.session.id, claim.instance, claim.epoch),
            None => (live.session.id, known.claimer.instance, live.epoch),
        };
        let worker = &known.worker.worker;
        Draft {
            kind: Kind::Open,
            path: String::new(),
            request: request.to_string(),
            session,
            instance,
            epoch,
            wall_at: self.clock.now(),
            boot_id: self.boot.id(),
            boot_ms: self.boot.millis(),
            running: Some(self.running),
            undoes: None,
            opens: Some(live.session.id),
            by: Some(By { id: worker.id, code: worker.code.clone(), name: worker.name.clone() }),
        }
    }

    /// It is on the disk, both that it is to be sent and that it is owned; then it has begun.
    async fn begun_alone(&mut self, known: &Known, live: Live, draft: Draft) -> Result<(), CommandError> {
        let outside_assignment = known.worker.outside_assignment;
        let claim = Claim {
            instance: known.claimer.instance,
            epoch: live.epoch,
            session: Session { outside_assignment, ..live.session },
            status_event: None,
            ending: false,
        };
        let saved = self.store.begin(draft, &claim).await;
        let entry = self.wrote(saved)?;
        let station = claim.session.station_id;
        self.statuses = self.store.recall(&statuses_of(station)).await.ok().flatten().unwrap_or_default();
        self.items = self.store.recall(&items_of(station)).await.ok().flatten().unwrap_or_default();
        self.claim = Some(claim);
        self.touched = Some(self.clock.monotonic());
        self.resumable = None;
        self.provisional = None;
        self.undoable = None;
        self.ended = None;
        self.forget("ended").await;
        self.last_action = Some(LastAction { seq: entry.seq, state: ActionState::Saved, problem: None });
        self.queue.push_back(entry);
        Ok(())
    }
}
