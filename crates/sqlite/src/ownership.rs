//! Opening, takeover, handover and heartbeat: who owns a session.

use crate::encoding::count;
use crate::error::Context;
use crate::rows::{SessionRow, StatusDefinitionRow, WorkerRow};
use crate::writer::Tx;
use millrace_domain::change::Claimant;
use millrace_domain::people::MeantFor;
use millrace_domain::session::hand_over::{Handover, hand_over};
use millrace_domain::session::open::{Opening, open};
use millrace_domain::session::ownership::{may_hand_over, may_repeat, may_take_over, still_open};
use millrace_domain::session::take_over::take_over;
use millrace_domain::session::{Claimer, Live, Moment, StationSnapshot, WorkerSnapshot, end};
use millrace_domain::status::STOP;
use millrace_domain::storage::{Caller, Owned, Result, StorageError};
use millrace_domain::{Chance, Policy, Refusal};
use millrace_protocol::checklist::ChecklistMoment;
use millrace_protocol::session::{CloseReason, HandoverRequest, OpenRequest, Session, TakeoverRequest, ThenAction};
use millrace_protocol::status::StatusDefinition;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, KioskId, SessionId, StationId, StatusDefinitionId, WorkerId};

impl Tx {
    /// `POST /api/sessions`
    pub(crate) async fn open(
        &mut self,
        caller: Caller,
        request: OpenRequest,
        chance: &dyn Chance,
        policy: &Policy,
    ) -> Result<Owned> {
        self.at_his_kiosk(caller).await?;
        if let Some(session) = self.opened_by(request.instance_id).await? {
            return self.repeat(caller, session, request.station_id).await;
        }
        let opening = Opening {
            worker: self.worker_snapshot(caller.worker).await?,
            station: self.station_snapshot(request.station_id).await?,
            status: self.status_by_key(STOP).await?,
            held: self.held(caller.worker).await?,
            occupant: self.occupant(request.station_id).await?,
            claimer: Claimer { kiosk: caller.kiosk, instance: request.instance_id },
            id: request.id,
            after: None,
            offline_at: None,
        };
        self.is_unused(request.id).await?;
        let (live, effects) = open(opening, &Moment { now: self.now, chance, policy })?;
        let answered =
            self.answered_list(request.station_id, ChecklistMoment::Start, request.checklist.as_ref()).await?;
        self.apply(effects).await?;
        if let Some(answered) = answered {
            let at = self.now;
            self.keep_checklist((live.session.id, live.epoch), ChecklistMoment::Start, &answered, at).await?;
        }
        self.owned(caller.kiosk, live.session, live.epoch, false).await
    }

    /// `POST /api/sessions/takeover`
    pub(crate) async fn take_over(
        &mut self,
        caller: Caller,
        request: TakeoverRequest,
        chance: &dyn Chance,
        policy: &Policy,
    ) -> Result<Owned> {
        self.at_his_kiosk(caller).await?;
        let session = self.session(request.session_id).await?.ok_or(Refusal::SessionNotFound)?;
        may_take_over(&session, caller.worker)?;
        let owner = self.owner(&session).await?;
        let claimer = Claimer { kiosk: caller.kiosk, instance: request.instance_id };
        let mine = owner.kiosk == claimer.kiosk && owner.instance == claimer.instance;
        let moment = Moment { now: self.now, chance, policy };
        if request.then == Some(ThenAction::Complete) {
            let session = self.confirm_end(session, request.ended_at, &moment).await?;
            return self.owned(caller.kiosk, session, owner.epoch, false).await;
        }
        if session.provisional && self.superseded_at(&session, policy).await?.is_none() {
            // What he may not use any more he may still discard.
            if request.then != Some(ThenAction::Abandon) {
                self.worker_snapshot(caller.worker).await?.meant_for.marks(session.station_id)?;
            }
            let epoch = if mine { owner.epoch } else { owner.epoch + 1 };
            let live = self.bring_back(session, claimer, epoch, self.now, &moment).await?;
            self.touched(live.session.id, self.now).await?;
            return self.taken_over(caller.kiosk, live, request.then, mine).await;
        }
        if let Err(refusal) = still_open(&session) {
            // Only what was discarded may be answered as discarded again: an ordinary end is none.
            let abandoned = session.close_reason == Some(CloseReason::Abandoned);
            let discarded = mine && abandoned && request.then == Some(ThenAction::Abandon);
            return if discarded {
                self.owned(caller.kiosk, session, owner.epoch, true).await
            } else {
                Err(refusal.into())
            };
        }
        let mut live = self.live(session, owner.epoch).await?;
        if !mine {
            // What he may not use any more he may still discard.
            if request.then != Some(ThenAction::Abandon) {
                self.worker_snapshot(caller.worker).await?.meant_for.marks(live.session.station_id)?;
            }
            let (after, effects) = take_over(&live, claimer, &moment);
            self.apply(effects).await?;
            live = after;
        }
        self.taken_over(caller.kiosk, live, request.then, mine).await
    }

    /// The session that was taken over, or what became of it at once.
    async fn taken_over(
        &mut self,
        kiosk: KioskId,
        live: Live,
        then: Option<ThenAction>,
        is_repeat: bool,
    ) -> Result<Owned> {
        if then != Some(ThenAction::Abandon) {
            return self.owned(kiosk, live.session, live.epoch, is_repeat).await;
        }
        let produced = self.produced(&live).await?;
        self.apply(end::abandon(&live, produced, self.now)?).await?;
        let session = self.session(live.session.id).await?.ok_or(Refusal::SessionNotFound)?;
        self.owned(kiosk, session, live.epoch, is_repeat).await
    }

    /// A worker says when his session, which was closed for want of contact, had really ended.
    async fn confirm_end(
        &mut self,
        session: Session,
        ended_at: Option<Timestamp>,
        moment: &Moment<'_>,
    ) -> Result<Session> {
        let no = |what: &str| Err(Refusal::InvalidTransition { what: what.to_owned() }.into());
        let other = "Only a session that was closed for want of contact is ended like this, with `endedAt`.";
        let Some(at) = ended_at else { return no(other) };
        if !session.provisional {
            // Asked again it is answered again.
            let last = self.past(session.id).await?.events.pop().map_or(at, |last| last.started_at);
            let is_repeat =
                session.close_reason == Some(CloseReason::Completed) && session.ended_at == Some(at.max(last));
            return if is_repeat { Ok(session) } else { no(other) };
        }
        let until = self.superseded_at(&session, moment.policy).await?.unwrap_or(self.now);
        if at < session.started_at || at > until {
            return no(
                "The session ended between its start and now, and before the next one began. Choose a moment there.",
            );
        }
        // What he did until then he knows.
        let known_from = session.started_at;
        Ok(self.move_end(session, at, known_from, true, moment).await?.0)
    }

    /// A session of the worker's that was closed for want of contact and may come back.
    pub(crate) async fn provisional(&mut self, worker: WorkerId, policy: &Policy) -> Result<Option<Session>> {
        let found = sqlx::query_file_scalar!("queries/session_provisional.sql", worker.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a worker's last session")?;
        let Some(id) = found else { return Ok(None) };
        let Some(session) = self.session(SessionId(id)).await? else { return Ok(None) };
        Ok(self.superseded_at(&session, policy).await?.is_none().then_some(session))
    }

    /// `POST /api/sessions/handover`
    pub(crate) async fn hand_over(
        &mut self,
        caller: Caller,
        request: HandoverRequest,
        chance: &dyn Chance,
        policy: &Policy,
    ) -> Result<Owned> {
        self.at_his_kiosk(caller).await?;
        if let Some(session) = self.opened_by(request.instance_id).await? {
            return self.repeat(caller, session, request.station_id).await;
        }
        let session = self.session(request.session_id).await?.ok_or(Refusal::SessionNotFound)?;
        let owner = self.owner(&session).await?;
        may_hand_over(&session, &owner, caller, request.station_id)?;
        let station = self.station_snapshot(request.station_id).await?.ok_or(Refusal::StationNotAllowed)?;
        let status = match session.current_status_id {
            Some(id) => self.status_by_id(id, station.id).await?,
            None => None,
        };
        let status = match status {
            Some(status) => status,
            // Its status was taken out of use meanwhile: the next session begins as any other.
            None => self.status_by_key(STOP).await?,
        };
        let counted = match &request.quantities {
            Some(quantities) => Some(self.counted(station.id, quantities).await?),
            None => None,
        };
        let live = self.live(session, owner.epoch).await?;
        let others_missing =
            counted.is_some() && self.others_missing(&live.session, live.event.step_id, self.now).await?;
        let handover = Handover {
            counted,
            others_missing,
            unknown: request.quantities_unknown == Some(true),
            id: request.id,
            offline_at: None,
            live,
            status,
            station,
            next: self.worker_snapshot(caller.worker).await?,
            held: self.held(caller.worker).await?,
            claimer: Claimer { kiosk: caller.kiosk, instance: request.instance_id },
        };
        self.is_unused(request.id).await?;
        let (live, effects) = hand_over(handover, &Moment { now: self.now, chance, policy })?;
        let answered =
            self.answered_list(request.station_id, ChecklistMoment::Start, request.checklist.as_ref()).await?;
        self.apply(effects).await?;
        if let Some(answered) = answered {
            let at = self.now;
            self.keep_checklist((live.session.id, live.epoch), ChecklistMoment::Start, &answered, at).await?;
        }
        self.owned(caller.kiosk, live.session, live.epoch, false).await
    }

    /// No session has the id that a kiosk gave a new one.
    pub(crate) async fn is_unused(&mut self, id: Option<SessionId>) -> Result<()> {
        if let Some(id) = id
            && self.session(id).await?.is_some()
        {
            let what = "A session with this id exists already. Make a new id.".to_owned();
            return Err(Refusal::Conflict { what }.into());
        }
        Ok(())
    }

    /// The worker is signed in at the kiosk, still: whoever asked checked before, but others may have come since.
    async fn at_his_kiosk(&mut self, caller: Caller) -> Result<()> {
        let signed_in = sqlx::query_file_scalar!("queries/sign_in_is.sql", caller.kiosk.0, caller.worker.0)
            .fetch_one(&mut self.conn)
            .await
            .during("reading who is signed in")?;
        if signed_in {
            return Ok(());
        }
        let what = "This worker is not signed in at this kiosk (any more). Sign in again.".into();
        Err(Refusal::Unauthenticated { what }.into())
    }

    /// The answer to a repeated opening or handover by the same instance.
    async fn repeat(&mut self, caller: Caller, session: Session, station: StationId) -> Result<Owned> {
        let owner = self.owner(&session).await?;
        may_repeat(&session, owner, caller, station)?;
        self.owned(caller.kiosk, session, 1, true).await
    }

    async fn owned(&mut self, kiosk: KioskId, session: Session, epoch: u32, repeat: bool) -> Result<Owned> {
        Ok(Owned { session, epoch, last_seq: self.last_seq(kiosk).await?, now: self.now, repeat })
    }

    pub(crate) async fn owner(&mut self, session: &Session) -> Result<Claimant> {
        self.claimant(session.id).await?.ok_or_else(|| StorageError::Defect {
            context: "reading who owns a session",
            reason: format!("session {} has no claim", session.id),
        })
    }

    pub(crate) async fn opened_by(&mut self, instance: InstanceId) -> Result<Option<Session>> {
        let id = sqlx::query_file_scalar!("queries/session_opened_by.sql", instance.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("looking for a session of this instance")?;
        match id {
            Some(id) => self.session(SessionId(id)).await,
            None => Ok(None),
        }
    }

    pub(crate) async fn held(&mut self, worker: WorkerId) -> Result<Vec<Session>> {
        sqlx::query_file_as!(SessionRow, "queries/sessions_of_worker.sql", worker.0)
            .fetch_all(&mut self.conn)
            .await
            .during("reading a worker's sessions")?
            .into_iter()
            .map(SessionRow::session)
            .collect()
    }

    pub(crate) async fn occupant(&mut self, station: StationId) -> Result<Option<Session>> {
        let id = sqlx::query_file_scalar!("queries/session_of_station.sql", station.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading who is at a station")?;
        match id {
            Some(id) => self.session(SessionId(id)).await,
            None => Ok(None),
        }
    }

    pub(crate) async fn worker_snapshot(&mut self, id: WorkerId) -> Result<WorkerSnapshot> {
        let row = sqlx::query_file_as!(WorkerRow, "queries/worker.sql", id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a worker")?;
        let row = row.ok_or_else(|| Refusal::Unauthenticated {
            what: "This worker is not in service any more. Ask a supervisor.".into(),
        })?;
        let meant_for = MeantFor::from(&self.known_worker(id).await?);
        Ok(WorkerSnapshot { id, code: row.code, name: row.name, meant_for })
    }

    pub(crate) async fn station_snapshot(&mut self, id: StationId) -> Result<Option<StationSnapshot>> {
        let row = sqlx::query_file!("queries/station.sql", id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a station")?;
        row.map(|row| {
            let minor_stop_ms = row.minor_stop_ms.map(count).transpose()?;
            Ok(StationSnapshot { id, code: row.code, name: row.name, area: row.area, minor_stop_ms })
        })
        .transpose()
    }

    pub(crate) async fn status_by_id(
        &mut self,
        id: StatusDefinitionId,
        station: StationId,
    ) -> Result<Option<StatusDefinition>> {
        sqlx::query_file_as!(StatusDefinitionRow, "queries/status_definition.sql", id.0, station.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a status")?
            .map(StatusDefinitionRow::definition)
            .transpose()
    }

    pub(crate) async fn status_by_key(&mut self, key: &'static str) -> Result<StatusDefinition> {
        sqlx::query_file_as!(StatusDefinitionRow, "queries/status_definition_by_key.sql", key)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a protected status")?
            .ok_or_else(|| StorageError::Defect {
                context: "reading a protected status",
                reason: format!("the status {key} is missing"),
            })?
            .definition()
    }
}
