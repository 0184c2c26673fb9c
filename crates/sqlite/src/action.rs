//! Worker actions: admitted by their number and their claim, settled with an answer that is kept for ever.

use crate::encoding::{count, from_json, hash, json, maybe_moment, moment, number, word};
use crate::error::Context;
use crate::rows::StatusEventRow;
use crate::writer::Tx;
use millrace_domain::action::{Action, ClaimSpan, QuarantineReason, Reply, Standing, clamp, judge, shift};
use millrace_domain::session::end::{self, Ending};
use millrace_domain::session::ownership::of_its_worker;
use millrace_domain::session::{Effects, Live, Moment, change_status};
use millrace_domain::status::{self, StatusChange};
use millrace_domain::storage::{Result, StorageError};
use millrace_domain::{Chance, Policy, Refusal};
use millrace_protocol::action::{ActionAnswer, Outcome};
use millrace_protocol::session::{CloseReason, Session};
use millrace_protocol::status::{StatusDefinition, StatusEvent};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, KioskId, QuarantineId, ReasonId, StationId, StatusDefinitionId, StatusEventId};

type Answer = std::result::Result<ActionAnswer, Refusal>;

/// What is to happen with an action.
enum Admission {
    /// It was answered before, or its number is taken.
    Answered(Box<Reply>),
    /// Its claim owns the session. When it counts from.
    Live(Box<Live>, Timestamp),
    /// Its claim owned the session when it was tapped. The event of that epoch which covers the moment.
    Late(Box<Session>, Option<Box<StatusEvent>>),
    /// A supervisor has to look.
    Quarantined(QuarantineReason),
}

impl Tx {
    /// `POST /api/status-events`
    pub(crate) async fn change_status(
        &mut self,
        action: Action<(StatusDefinitionId, StatusChange)>,
        chance: &dyn Chance,
        policy: &Policy,
    ) -> Result<Reply> {
        let moment = Moment { now: self.now, chance, policy };
        let (definition, change) = &action.what;
        let answer = match self.admit(&action).await? {
            Admission::Answered(reply) => return Ok(*reply),
            Admission::Quarantined(reason) => self.quarantine(&action, reason, chance).await?,
            Admission::Live(live, at) => {
                match self.status_to_enter(*definition, live.session.station_id, change).await? {
                    Err(refusal) => Err(refusal),
                    Ok(definition) => {
                        let (after, effects) = change_status::change_status(&live, &definition, change, at, &moment);
                        self.apply(effects).await?;
                        Ok(applied(shift(action.stamp.occurred_at, at), Some(after.session), Some(after.event)))
                    }
                }
            }
            Admission::Late(session, covering) => {
                match (self.status_to_enter(*definition, session.station_id, change).await?, covering) {
                    (Err(refusal), _) => Err(refusal),
                    (_, None) => self.quarantine(&action, QuarantineReason::OutsideEpoch, chance).await?,
                    (Ok(definition), Some(covering)) => {
                        let at = action.stamp.occurred_at;
                        let (event, effects) =
                            change_status::change_status_late(&covering, &definition, change, at, &moment);
                        self.apply(effects).await?;
                        Ok(late(Some(event)))
                    }
                }
            }
        };
        self.settle(&action, answer).await
    }

    /// `POST /api/status-events/{id}/reason`
    pub(crate) async fn give_reason(
        &mut self,
        action: Action<(StatusEventId, ReasonId, Option<String>)>,
        chance: &dyn Chance,
    ) -> Result<Reply> {
        let (event, reason, note) = &action.what;
        let answer = match self.admit(&action).await? {
            Admission::Answered(reply) => return Ok(*reply),
            Admission::Quarantined(reason) => self.quarantine(&action, reason, chance).await?,
            Admission::Late(session, _) => {
                match self.event_for_reason(*event, &session, *reason, note.as_deref()).await? {
                    Err(refusal) => Err(refusal),
                    Ok(event) if event.epoch != action.stamp.epoch => {
                        self.quarantine(&action, QuarantineReason::OutsideEpoch, chance).await?
                    }
                    Ok(event) => {
                        let (event, effects) = change_status::give_reason_late(&event, *reason, note.as_deref());
                        self.apply(effects).await?;
                        Ok(late(Some(event)))
                    }
                }
            }
            Admission::Live(live, at) => {
                match self.event_for_reason(*event, &live.session, *reason, note.as_deref()).await? {
                    Err(refusal) => Err(refusal),
                    Ok(event) => {
                        let (session, event, effects) =
                            change_status::give_reason(&live.session, &event, *reason, note.as_deref());
                        self.apply(effects).await?;
                        Ok(applied(shift(action.stamp.occurred_at, at), Some(session), Some(event)))
                    }
                }
            }
        };
        self.settle(&action, answer).await
    }

    /// `POST /api/sessions/complete`
    pub(crate) async fn complete(&mut self, action: Action<Option<Timestamp>>, chance: &dyn Chance) -> Result<Reply> {
        let answer = match self.admit(&action).await? {
            Admission::Answered(reply) => return Ok(*reply),
            Admission::Quarantined(reason) => self.quarantine(&action, reason, chance).await?,
            // Somebody else ended it, or took it over: nothing is left to end.
            Admission::Late(..) => Ok(late(None)),
            Admission::Live(live, at) => {
                let wished = action.what.unwrap_or(action.stamp.occurred_at);
                let at = action.what.map_or(at, |ended| ended.min(at));
                let effects = end::close(&live, Ending::completed(CloseReason::Completed, at));
                self.end(&action, &live, effects, wished).await?
            }
        };
        self.settle(&action, answer).await
    }

    /// `POST /api/sessions/abandon`
    pub(crate) async fn abandon(&mut self, action: Action<()>, chance: &dyn Chance) -> Result<Reply> {
        let answer = match self.admit(&action).await? {
            Admission::Answered(reply) => return Ok(*reply),
            Admission::Quarantined(reason) => self.quarantine(&action, reason, chance).await?,
            Admission::Late(..) => Ok(late(None)),
            Admission::Live(live, at) => {
                let produced = self.produced(&live).await?;
                match end::abandon(&live, produced, at) {
                    Err(refusal) => Err(refusal),
                    Ok(effects) => self.end(&action, &live, effects, action.stamp.occurred_at).await?,
                }
            }
        };
        self.settle(&action, answer).await
    }

    /// Whether the machine produced in this session.
    pub(crate) async fn produced(&mut self, live: &Live) -> Result<bool> {
        sqlx::query_file_scalar!("queries/produced.sql", live.session.id.0)
            .fetch_one(&mut self.conn)
            .await
            .during("asking whether something was produced")
    }

    async fn end<T>(&mut self, action: &Action<T>, live: &Live, effects: Effects, wished: Timestamp) -> Result<Answer> {
        self.apply(effects).await?;
        // The ten minutes of a sign-in count from here.
        let (kiosk, now) = (action.kiosk.0, self.now.millis());
        sqlx::query_file!("queries/sign_in_touch.sql", kiosk, now)
            .execute(&mut self.conn)
            .await
            .during("touching a sign-in")?;
        let session = self.session(live.session.id).await?;
        // Never before its open event began: the row says what became of the wish.
        let at = session.as_ref().and_then(|session| session.ended_at).unwrap_or(wished);
        Ok(Ok(applied(shift(wished, at), session, None)))
    }

    /// The definition of a status that may be entered like this, or why not.
    async fn status_to_enter(
        &mut self,
        id: StatusDefinitionId,
        station: StationId,
        change: &StatusChange,
    ) -> Result<std::result::Result<StatusDefinition, Refusal>> {
        let Some(definition) = self.status_by_id(id, station).await? else {
            return Ok(Err(Refusal::StatusNotAllowed));
        };
        let known = match change.reason {
            Some(reason) => self.reason_known(reason, station).await?,
            None => false,
        };
        Ok(status::may_enter(&definition, change, known).map(|()| definition))
    }

    async fn event_for_reason(
        &mut self,
        event: StatusEventId,
        session: &Session,
        reason: ReasonId,
        note: Option<&str>,
    ) -> Result<std::result::Result<StatusEvent, Refusal>> {
        if let Err(refusal) = status::check_note(note) {
            return Ok(Err(refusal));
        }
        if !self.reason_known(reason, session.station_id).await? {
            return Ok(Err(Refusal::ReasonRequired));
        }
        let row = sqlx::query_file_as!(StatusEventRow, "queries/status_event.sql", event.0, session.id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a status event")?;
        match row {
            Some(row) => Ok(Ok(row.event()?)),
            None => Ok(Err(Refusal::InvalidTransition {
                what: "This status event is not one of this session. Choose one of its own.".into(),
            })),
        }
    }

    async fn reason_known(&mut self, reason: ReasonId, station: StationId) -> Result<bool> {
        sqlx::query_file_scalar!("queries/reason_known.sql", reason.0, station.0)
            .fetch_one(&mut self.conn)
            .await
            .during("reading a reason")
    }

    /// First its number, then its claim. The first statement that writes is the fence: the conditional
    /// renewal of the lease, which only the owner gets past.
    async fn admit<T>(&mut self, action: &Action<T>) -> Result<Admission> {
        if let Some(reply) = self.answered(action).await? {
            return Ok(Admission::Answered(Box::new(reply)));
        }
        let stamp = &action.stamp;
        let (now, epoch) = (self.now.millis(), i64::from(stamp.epoch));
        let fence = sqlx::query_file!(
            "queries/lease_renew.sql",
            action.session.0,
            action.kiosk.0,
            stamp.instance_id.0,
            epoch,
            now
        )
        .fetch_optional(&mut self.conn)
        .await
        .during("passing the fence")?;
        let Some(session) = self.session(action.session).await? else {
            return Ok(Admission::Answered(Box::new(self.settle(action, Err(Refusal::SessionNotFound)).await?)));
        };
        of_its_worker(&session, action.worker_code.as_deref())?;
        let spans = self.spans(action).await?;
        match (judge(&session, &spans, action.kiosk, stamp), fence) {
            (Standing::Current { from }, Some(fence)) => {
                let previous = maybe_moment(fence.last_action_at);
                let at = clamp(stamp.occurred_at, from, previous, self.now);
                let live = self.live(session, stamp.epoch).await?;
                Ok(Admission::Live(Box::new(live), at))
            }
            (Standing::Late { .. }, None) => {
                let covering = self.covering(action).await?;
                Ok(Admission::Late(Box::new(session), covering.map(Box::new)))
            }
            (Standing::Quarantined(reason), None) => Ok(Admission::Quarantined(reason)),
            (standing, fence) => Err(StorageError::Defect {
                context: "judging a claim",
                reason: format!("claims say {standing:?}, the lease says owner={}", fence.is_some()),
            }),
        }
    }

    async fn answered<T>(&mut self, action: &Action<T>) -> Result<Option<Reply>> {
        let seq = number(action.stamp.seq)?;
        let kept = sqlx::query_file!("queries/action.sql", action.kiosk.0, seq)
            .fetch_optional(&mut self.conn)
            .await
            .during("looking for an earlier answer")?;
        let Some(kept) = kept else { return Ok(None) };
        if hash(&kept.digest)? == action.digest {
            return Ok(Some(Reply { repeat: true, result: from_json::<Answer>(&kept.answer)? }));
        }
        let last_seq = self.last_seq(action.kiosk).await?;
        Ok(Some(Reply { repeat: false, result: Err(Refusal::SeqReused { seq: action.stamp.seq, last_seq }) }))
    }

    /// Keeps the answer under the action's number.
    async fn settle<T>(&mut self, action: &Action<T>, answer: Answer) -> Result<Reply> {
        let (seq, now, digest) = (number(action.stamp.seq)?, self.now.millis(), action.digest.as_slice());
        let kept = json(&answer)?;
        sqlx::query_file!("queries/action_insert.sql", action.kiosk.0, seq, digest, kept, now)
            .execute(&mut self.conn)
            .await
            .during("keeping an answer")?;
        sqlx::query_file!("queries/kiosk_acted.sql", action.kiosk.0, seq)
            .execute(&mut self.conn)
            .await
            .during("keeping a sequence number")?;
        if let Ok(ActionAnswer { outcome: Outcome::Applied, .. }) = &answer {
            let at = action.stamp.occurred_at.min(self.now).millis();
            sqlx::query_file!("queries/lease_acted.sql", action.session.0, at)
                .execute(&mut self.conn)
                .await
                .during("keeping an action's time")?;
        }
        Ok(Reply { repeat: false, result: answer })
    }

    /// Puts an action where a supervisor finds it.
    async fn quarantine<T>(
        &mut self,
        action: &Action<T>,
        reason: QuarantineReason,
        chance: &dyn Chance,
    ) -> Result<Answer> {
        let id = QuarantineId(chance.uuid(self.now));
        let (seq, reason, now) = (number(action.stamp.seq)?, word(reason)?, self.now.millis());
        let occurred = action.stamp.occurred_at.millis();
        sqlx::query_file!(
            "queries/quarantine_insert.sql",
            id.0,
            action.kiosk.0,
            seq,
            action.session.0,
            action.request.path,
            action.request.body,
            reason,
            occurred,
            now
        )
        .execute(&mut self.conn)
        .await
        .during("quarantining an action")?;
        Ok(Ok(ActionAnswer {
            outcome: Outcome::Quarantined,
            repeat: false,
            session: None,
            status_event: None,
            quarantine_id: Some(id),
            shifted_to: None,
        }))
    }

    /// The highest `seq` of a kiosk; 0 for none.
    pub(crate) async fn last_seq(&mut self, kiosk: KioskId) -> Result<u64> {
        let row = sqlx::query_file!("queries/kiosk_last_seq.sql", kiosk.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a sequence number")?;
        row.map_or(Ok(0), |row| count(row.last_seq))
    }

    async fn spans<T>(&mut self, action: &Action<T>) -> Result<Vec<ClaimSpan>> {
        let rows = sqlx::query_file!("queries/claims.sql", action.session.0)
            .fetch_all(&mut self.conn)
            .await
            .during("reading claims")?;
        rows.into_iter()
            .map(|row| {
                Ok(ClaimSpan {
                    epoch: count(row.epoch)?,
                    instance: InstanceId(row.instance_id),
                    kiosk: KioskId(row.kiosk_id),
                    from: moment(row.from_at),
                    until: maybe_moment(row.until_at),
                })
            })
            .collect()
    }

    async fn covering<T>(&mut self, action: &Action<T>) -> Result<Option<StatusEvent>> {
        let (epoch, at) = (i64::from(action.stamp.epoch), action.stamp.occurred_at.millis());
        sqlx::query_file_as!(StatusEventRow, "queries/status_event_covering.sql", action.session.0, epoch, at)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading history")?
            .map(StatusEventRow::event)
            .transpose()
    }
}

fn applied(shifted_to: Option<Timestamp>, session: Option<Session>, event: Option<StatusEvent>) -> ActionAnswer {
    ActionAnswer {
        outcome: Outcome::Applied,
        repeat: false,
        session,
        status_event: event,
        quarantine_id: None,
        shifted_to,
    }
}

fn late(event: Option<StatusEvent>) -> ActionAnswer {
    ActionAnswer {
        outcome: Outcome::Late,
        repeat: false,
        session: None,
        status_event: event,
        quarantine_id: None,
        shifted_to: None,
    }
}
