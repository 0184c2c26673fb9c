//! Openings and handovers that waited in the outbox of a kiosk without the server. Each is an action with a number: what
//! stands in its way puts it into quarantine, and with it all that follows in its session.

use super::admission::{Admission, known_from};
use super::{Answer, refused};
use crate::encoding::word;
use crate::error::Context;
use crate::rows::WorkerRow;
use crate::writer::Tx;
use millrace_domain::action::{Action, HandoverCount, OfflineStart, QuarantineReason, Reply, mark_time, shift};
use millrace_domain::checklist::Kept;
use millrace_domain::session::addition::{Extras, add, add_late};
use millrace_domain::session::end::{self, Ending};
use millrace_domain::session::hand_over::{Handover, hand_over};
use millrace_domain::session::open::{Opening, open};
use millrace_domain::session::{Claimer, Effects, Live, Moment, WorkerSnapshot};
use millrace_domain::status::STOP;
use millrace_domain::storage::{Result, StorageError};
use millrace_domain::{Chance, Policy, Refusal};
use millrace_protocol::action::{ActionAnswer, Outcome};
use millrace_protocol::checklist::ChecklistMoment;
use millrace_protocol::floor::QuarantineEntry;
use millrace_protocol::quantity::EntryKind;
use millrace_protocol::session::{CloseReason, Session, SessionStatus};
use millrace_protocol::status::{StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{QuarantineId, StationId, WorkerId};

/// What an answer says of a session that has begun.
fn told(live: Live) -> (Session, Option<StatusEvent>) {
    (live.session, Some(live.event))
}

impl Tx {
    /// `POST /api/sessions` and `POST /api/sessions/handover` with an `action`.
    pub(crate) async fn start_offline(
        &mut self,
        action: Action<OfflineStart>,
        chance: &dyn Chance,
        policy: &Policy,
    ) -> Result<Reply> {
        if let Some(reply) = self.answered(&action).await? {
            return Ok(reply);
        }
        let moment = Moment { now: self.now, chance, policy };
        let at = action.stamp.occurred_at.min(self.now);
        let begun = match (self.begun_before(&action, at, &moment).await?, &action.what.handover) {
            (Some(begun), _) => Ok(begun),
            (None, None) => refused(self.begin_offline(&action, None, at, &moment).await)?.map(told),
            (None, Some(count)) => self.take_over_offline(&action, count, &moment).await?.map(told),
        };
        let answer = match begun {
            Ok((session, status_event)) => Ok(ActionAnswer {
                shifted_to: shift(action.stamp.occurred_at, session.started_at),
                session: Some(session),
                status_event,
                ..ActionAnswer::of(Outcome::Applied)
            }),
            Err(refusal) => self.start_quarantined(&action, &refusal, chance).await?,
        };
        self.settle(&action, answer).await
    }

    /// The session that the same claim was asked for with the server at hand, and that its kiosk never heard of. Where
    /// it was closed since for want of a heartbeat it comes back: its kiosk went on alone, and none beats then. Where it
    /// has gone on otherwise it is there all the same, and what was tapped in it is judged by its claim.
    async fn begun_before(
        &mut self,
        action: &Action<OfflineStart>,
        at: Timestamp,
        moment: &Moment<'_>,
    ) -> Result<Option<(Session, Option<StatusEvent>)>> {
        let what = &action.what;
        let found = self.opened_by(what.instance).await?;
        let same = |session: &Session| {
            session.id == what.id && session.station_id == what.station && session.worker_code == what.worker
        };
        let Some(session) = found.filter(same) else { return Ok(None) };
        let owner = self.owner(&session).await?;
        let own = owner.kiosk == action.kiosk && owner.epoch == 1;
        if own && session.status == SessionStatus::Active {
            return self.live(session, 1).await.map(|live| Some(told(live)));
        }
        if !own || !session.provisional || self.superseded_at(&session, moment.policy).await?.is_some() {
            return Ok(Some((session, None)));
        }
        let claimer = Claimer { kiosk: action.kiosk, instance: what.instance };
        let live = self.bring_back(session, claimer, 1, known_from(&action.stamp, at), moment).await?;
        Ok(Some(told(live)))
    }

    /// Ends the session that ran there, in whatever way its claim still can, and begins the next.
    async fn take_over_offline(
        &mut self,
        action: &Action<OfflineStart>,
        count: &HandoverCount,
        moment: &Moment<'_>,
    ) -> Result<std::result::Result<Live, Refusal>> {
        match self.admit(action, moment).await? {
            Admission::Live(live, at) => {
                let given = count.quantities.as_ref();
                let extras = self.extras(&live.session, (&live.event, at), given, None, action.kiosk).await;
                let extras = match refused(extras)? {
                    Ok(extras) => extras,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let handed = refused(self.handed_over(action, &live, &extras, count.unknown, at, moment).await)?;
                match handed {
                    Ok(next) => Ok(Ok(next)),
                    // Somebody took the machine over, whoever he was: the session that ran there is over.
                    Err(refusal) => {
                        let added =
                            add(&live.session, &live.event, &live.event, &extras, EntryKind::Handover, at, moment);
                        let ending = Ending::completed(CloseReason::Handover, at);
                        self.apply(end::close(&live, ending, &added)).await?;
                        Ok(Err(refusal))
                    }
                }
            }
            Admission::Late { session, at } => {
                if self.owner(&session).await?.epoch != action.stamp.epoch {
                    let what = "The session was taken over since: its machine is not this kiosk's to hand over.";
                    return Ok(Err(Refusal::Conflict { what: what.to_owned() }));
                }
                let (mut session, covering) = self.covered(*session, action, at, moment).await?;
                if let (Some(given), Some(covering)) = (&count.quantities, &covering) {
                    let extras = self.extras(&session, (covering, at), Some(given), None, action.kiosk).await;
                    let extras = match refused(extras)? {
                        Ok(extras) => extras,
                        Err(refusal) => return Ok(Err(refusal)),
                    };
                    let added = add(&session, covering, covering, &extras, EntryKind::Handover, at, moment);
                    self.apply(add_late(&session, &added, false)).await?;
                    session = self.session(session.id).await?.ok_or(Refusal::SessionNotFound)?;
                }
                if session.provisional {
                    (session, _) = self.move_end(session, at, at, true, moment).await?;
                }
                refused(self.begin_offline(action, Some(&session), at, moment).await)
            }
            Admission::Quarantined(_) => {
                let what = "The session that was handed over is not known here, or was not this kiosk's then.";
                Ok(Err(Refusal::Conflict { what: what.to_owned() }))
            }
            Admission::Answered(_) => Err(StorageError::Defect {
                context: "handing over without the server",
                reason: "it was answered before, and that was asked already".into(),
            }),
        }
    }

    /// The handover as it would have been with the server, at its own time. Every refusal comes before anything is
    /// written.
    async fn handed_over(
        &mut self,
        action: &Action<OfflineStart>,
        live: &Live,
        extras: &Extras,
        unknown: bool,
        at: Timestamp,
        moment: &Moment<'_>,
    ) -> Result<Live> {
        let what = &action.what;
        if what.station != live.session.station_id {
            let what = format!("The session runs at {}. Hand over that station.", live.session.station_name);
            return Err(Refusal::Invalid { what }.into());
        }
        self.is_new(action).await?;
        let next = self.next_worker(action, moment.policy).await?;
        self.was_free(action, next.id, at, Some(&live.session)).await?;
        let list = self.answered_list(what.station, ChecklistMoment::Start, what.checklist.as_ref()).await?;
        let handover = Handover {
            unknown,
            counted: extras.counted.clone(),
            others_missing: extras.others_missing,
            live: live.clone(),
            status: self.status_after(Some(&live.session), what.station).await?,
            station: self.station_snapshot(what.station).await?.ok_or(Refusal::StationNotAllowed)?,
            held: self.held(next.id).await?,
            next,
            claimer: Claimer { kiosk: action.kiosk, instance: what.instance },
            id: Some(what.id),
            offline_at: Some(at),
        };
        let (next, effects) = hand_over(handover, moment)?;
        self.begun(action, next, effects, list).await
    }

    /// Opens a session at the moment its kiosk said. After a session that was handed over its item and status go on.
    async fn begin_offline(
        &mut self,
        action: &Action<OfflineStart>,
        after: Option<&Session>,
        at: Timestamp,
        moment: &Moment<'_>,
    ) -> Result<Live> {
        let what = &action.what;
        self.is_new(action).await?;
        let worker = self.next_worker(action, moment.policy).await?;
        self.was_free(action, worker.id, at, after).await?;
        let list = self.answered_list(what.station, ChecklistMoment::Start, what.checklist.as_ref()).await?;
        let opening = Opening {
            station: self.station_snapshot(what.station).await?,
            status: self.status_after(after, what.station).await?,
            held: self.held(worker.id).await?,
            occupant: self.occupant(what.station).await?,
            worker,
            claimer: Claimer { kiosk: action.kiosk, instance: what.instance },
            id: Some(what.id),
            after: after.cloned(),
            offline_at: Some(at),
        };
        let (live, effects) = open(opening, moment)?;
        self.begun(action, live, effects, list).await
    }

    /// Writes a session that begins, with its answered list; as it was written.
    async fn begun(
        &mut self,
        action: &Action<OfflineStart>,
        mut live: Live,
        mut effects: Effects,
        list: Option<Kept>,
    ) -> Result<Live> {
        mark_time(&mut effects, &mut live.event, &action.stamp, live.session.started_at);
        self.apply(effects).await?;
        if let Some(list) = list {
            let at = live.session.started_at;
            self.keep_checklist((live.session.id, live.epoch), ChecklistMoment::Start, &list, at).await?;
        }
        let missing = || StorageError::Defect { context: "opening a session", reason: "it is not there".into() };
        let session = self.session(live.session.id).await?.ok_or_else(missing)?;
        Ok(Live { session, ..live })
    }

    /// The status a session begins in: that of the one before it, where a machine was handed over.
    pub(super) async fn status_after(
        &mut self,
        after: Option<&Session>,
        station: StationId,
    ) -> Result<StatusDefinition> {
        if let Some(id) = after.and_then(|after| after.current_status_id)
            && let Some(status) = self.status_by_id(id, station).await?
        {
            return Ok(status);
        }
        // Taken out of use meanwhile: it begins as any other.
        self.status_by_key(STOP).await
    }

    /// The worker who is named, where the plant lets kiosks start by themselves.
    async fn next_worker(&mut self, action: &Action<OfflineStart>, policy: &Policy) -> Result<WorkerSnapshot> {
        if !policy.offline_start {
            let what = "This plant lets no kiosk start sessions without the server.".to_owned();
            return Err(Refusal::Forbidden { what }.into());
        }
        let code = action.what.worker.as_str();
        let row = sqlx::query_file_as!(WorkerRow, "queries/worker_by_code.sql", code)
            .fetch_optional(&mut self.conn)
            .await
            .during("looking up a worker")?;
        let unknown = || Refusal::NotFound { what: format!("No worker in service has the code {code}.") };
        let worker = WorkerId(row.ok_or_else(unknown)?.id);
        self.worker_snapshot(worker).await
    }

    /// Nobody has used this id before.
    async fn is_new(&mut self, action: &Action<OfflineStart>) -> Result<()> {
        if action.what.id.0.is_nil() {
            return Err(Refusal::Conflict { what: "This is no id of a session.".to_owned() }.into());
        }
        self.is_unused(Some(action.what.id)).await
    }

    /// Nobody else was at the station, and its worker nowhere else, from then on.
    async fn was_free(
        &mut self,
        action: &Action<OfflineStart>,
        worker: WorkerId,
        at: Timestamp,
        after: Option<&Session>,
    ) -> Result<()> {
        let (station, from) = (action.what.station.0, at.millis());
        let found = sqlx::query_file!("queries/session_overlapping.sql", station, worker.0, from)
            .fetch_optional(&mut self.conn)
            .await
            .during("asking who was there meanwhile")?;
        match found.filter(|found| after.is_none_or(|after| after.id.0 != found.id)) {
            None => Ok(()),
            Some(found) if found.is_here => Err(Refusal::StationOccupied { worker_name: found.worker_name }.into()),
            Some(found) => {
                let session = self.session(millrace_protocol::SessionId(found.id)).await?;
                let session = session.ok_or(Refusal::SessionNotFound)?;
                Err(Refusal::SessionAlreadyExists { session: Box::new(session) }.into())
            }
        }
    }

    /// The name of whoever has this code; the code where nobody has.
    pub(super) async fn name_behind(&mut self, code: &str) -> Result<String> {
        let worker = sqlx::query_file_as!(WorkerRow, "queries/worker_any_by_code.sql", code)
            .fetch_optional(&mut self.conn)
            .await
            .during("looking up a worker")?;
        Ok(worker.map_or_else(|| code.to_owned(), |worker| worker.name))
    }

    async fn start_quarantined(
        &mut self,
        action: &Action<OfflineStart>,
        refusal: &Refusal,
        chance: &dyn Chance,
    ) -> Result<Answer> {
        let station = self.station_snapshot(action.what.station).await?;
        let mut body: serde_json::Value = crate::encoding::from_json(&action.request.body)?;
        // His code came beside the body, and nothing else says who it was.
        body["workerCode"] = action.what.worker.clone().into();
        let worker_name = Some(self.name_behind(&action.what.worker).await?);
        self.keep_for_decision(QuarantineEntry {
            id: QuarantineId(chance.uuid(self.now)),
            kiosk_id: action.kiosk,
            seq: action.stamp.seq,
            session_id: action.what.id,
            path: action.request.path.clone(),
            body,
            problem: Some(serde_json::json!(refusal.problem())),
            reason: word(QuarantineReason::StartedOffline)?,
            occurred_at: action.stamp.occurred_at,
            at: self.now,
            worker_name,
            station_name: station.map(|station| station.name),
            decision: None,
            decided_at: None,
            decided_by: None,
            undoes_id: None,
        })
        .await
    }
}
