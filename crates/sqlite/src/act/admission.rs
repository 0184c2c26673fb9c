//! Admission by number and claim; settlement with an answer that is kept for ever; quarantine.

use super::Answer;
use crate::encoding::{count, from_json, hash, json, maybe_moment, moment, number, word};
use crate::error::Context;
use crate::rows::StatusEventRow;
use crate::writer::Tx;
use millrace_domain::action::{Action, ClaimSpan, QuarantineReason, Reply, Standing, clamp, judge};
use millrace_domain::change::{Pair, Row};
use millrace_domain::session::ownership::of_its_worker;
use millrace_domain::session::{Claimer, Live, Moment};
use millrace_domain::storage::{Result, StorageError};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::action::{ActionAnswer, ActionStamp, Outcome};
use millrace_protocol::floor::QuarantineEntry;
use millrace_protocol::session::Session;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, KioskId, QuarantineId, SessionId};

/// What is to happen with an action.
pub(super) enum Admission {
    /// It was answered before, or its number is taken.
    Answered(Box<Reply>),
    /// Its claim owns the session. When it counts from.
    Live(Box<Live>, Timestamp),
    /// Its claim owned the session when it was tapped.
    Late {
        /// The session.
        session: Box<Session>,
        /// When it counts from.
        at: Timestamp,
    },
    /// A supervisor has to look.
    Quarantined(QuarantineReason),
}

impl Tx {
    /// First its number, then its claim. The first statement that writes is the fence: the conditional
    /// renewal of the lease, which only the owner gets past.
    pub(super) async fn admit<T>(&mut self, action: &Action<T>, moment: &Moment<'_>) -> Result<Admission> {
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
            now,
            None::<i64>
        )
        .fetch_optional(&mut self.conn)
        .await
        .during("passing the fence")?;
        let Some(session) = self.session(action.session).await? else {
            return Ok(Admission::Quarantined(self.unknown_session(action.session).await?));
        };
        of_its_worker(&session, action.worker_code.as_deref())?;
        let claims = self.claims(action.session).await?;
        let spans: Vec<_> = claims.iter().map(|(span, _)| span.clone()).collect();
        let previous = claims.iter().find(|(span, _)| span.epoch == stamp.epoch).and_then(|(_, acted)| *acted);
        let superseded = self.superseded_at(&session, moment.policy).await?;
        match (judge(&session, &spans, action.kiosk, stamp, superseded), fence) {
            (Standing::Current { from }, Some(_)) => {
                let at = clamp(stamp.occurred_at, from, previous, self.now);
                let live = self.live(session, stamp.epoch).await?;
                Ok(Admission::Live(Box::new(live), at))
            }
            (Standing::Returning { from }, None) => {
                let at = clamp(stamp.occurred_at, from, previous, self.now);
                let claimer = Claimer { kiosk: action.kiosk, instance: stamp.instance_id };
                let live = self.bring_back(session, claimer, stamp.epoch, known_from(stamp, at), moment).await?;
                Ok(Admission::Live(Box::new(live), at))
            }
            (Standing::Late { from, until }, None) => {
                // In the order of its numbers, as far as its epoch's time goes.
                let at = clamp(stamp.occurred_at, from, previous, self.now);
                let at = if at < until { at } else { stamp.occurred_at };
                Ok(Admission::Late { session: Box::new(session), at })
            }
            (Standing::Quarantined(reason), None) => Ok(Admission::Quarantined(reason)),
            (standing, fence) => Err(StorageError::Defect {
                context: "judging a claim",
                reason: format!("claims say {standing:?}, the lease says owner={}", fence.is_some()),
            }),
        }
    }

    /// Why an action waits whose session nobody knows.
    async fn unknown_session(&mut self, session: SessionId) -> Result<QuarantineReason> {
        let holds = sqlx::query_file_scalar!("queries/quarantine_holds.sql", session.0)
            .fetch_one(&mut self.conn)
            .await
            .during("looking for an opening in quarantine")?;
        Ok(if holds { QuarantineReason::StartedOffline } else { QuarantineReason::UnknownSession })
    }

    pub(super) async fn answered<T>(&mut self, action: &Action<T>) -> Result<Option<Reply>> {
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
    pub(super) async fn settle<T>(&mut self, action: &Action<T>, answer: Answer) -> Result<Reply> {
        let (seq, now, digest) = (number(action.stamp.seq)?, self.now.millis(), action.digest.as_slice());
        let kept = json(&answer)?;
        let path = action.request.path.as_str();
        sqlx::query_file!("queries/action_insert.sql", action.kiosk.0, seq, digest, kept, now, path)
            .execute(&mut self.conn)
            .await
            .during("keeping an answer")?;
        sqlx::query_file!("queries/kiosk_acted.sql", action.kiosk.0, seq)
            .execute(&mut self.conn)
            .await
            .during("keeping a sequence number")?;
        if let Ok(ActionAnswer { outcome: Outcome::Applied | Outcome::Late, .. }) = &answer {
            let (at, epoch) = (action.stamp.occurred_at.min(self.now).millis(), i64::from(action.stamp.epoch));
            sqlx::query_file!("queries/claim_acted.sql", action.session.0, epoch, at)
                .execute(&mut self.conn)
                .await
                .during("keeping an action's time")?;
        }
        Ok(Reply { repeat: false, result: answer })
    }

    /// Puts an action where a supervisor finds it.
    pub(super) async fn quarantine<T>(
        &mut self,
        action: &Action<T>,
        reason: QuarantineReason,
        undoes_id: Option<QuarantineId>,
        chance: &dyn Chance,
    ) -> Result<Answer> {
        self.keep_for_decision(QuarantineEntry {
            id: QuarantineId(chance.uuid(self.now)),
            kiosk_id: action.kiosk,
            seq: action.stamp.seq,
            session_id: action.session,
            path: action.request.path.clone(),
            body: from_json(&action.request.body)?,
            problem: None,
            reason: word(reason)?,
            occurred_at: action.stamp.occurred_at,
            at: self.now,
            worker_name: None,
            station_name: None,
            decision: None,
            decided_at: None,
            decided_by: None,
            undoes_id,
        })
        .await
    }

    /// Puts an entry into quarantine, and tells it.
    pub(super) async fn keep_for_decision(&mut self, mut entry: QuarantineEntry) -> Result<Answer> {
        let (seq, occurred, now) = (number(entry.seq)?, entry.occurred_at.millis(), entry.at.millis());
        let (body, problem) = (json(&entry.body)?, entry.problem.as_ref().map(json).transpose()?);
        let undoes = entry.undoes_id.map(|id| id.0);
        let of = sqlx::query_file!(
            "queries/quarantine_insert.sql",
            entry.id.0,
            entry.kiosk_id.0,
            seq,
            entry.session_id.0,
            entry.path,
            body,
            problem,
            entry.reason,
            occurred,
            now,
            undoes,
            entry.worker_name,
            entry.station_name
        )
        .fetch_one(&mut self.conn)
        .await
        .during("quarantining an action")?;
        (entry.worker_name, entry.station_name) = (of.worker_name, of.station_name);
        let quarantine_id = Some(entry.id);
        self.record(Row::Quarantine(Pair::made(entry))).await?;
        Ok(Ok(ActionAnswer { quarantine_id, ..ActionAnswer::of(Outcome::Quarantined) }))
    }

    /// The highest `seq` of a kiosk; 0 for none.
    pub(crate) async fn last_seq(&mut self, kiosk: KioskId) -> Result<u64> {
        let row = sqlx::query_file!("queries/kiosk_last_seq.sql", kiosk.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a sequence number")?;
        row.map_or(Ok(0), |row| count(row.last_seq))
    }

    /// The claims there were on a session, each with the time of its latest action.
    pub(super) async fn claims(&mut self, session: SessionId) -> Result<Vec<(ClaimSpan, Option<Timestamp>)>> {
        let rows = sqlx::query_file!("queries/claims.sql", session.0)
            .fetch_all(&mut self.conn)
            .await
            .during("reading claims")?;
        rows.into_iter()
            .map(|row| {
                let span = ClaimSpan {
                    epoch: count(row.epoch)?,
                    instance: InstanceId(row.instance_id),
                    kiosk: KioskId(row.kiosk_id),
                    from: moment(row.from_at),
                    until: maybe_moment(row.until_at),
                };
                Ok((span, maybe_moment(row.last_action_at)))
            })
            .collect()
    }

    pub(super) async fn covering<T>(&mut self, action: &Action<T>, at: Timestamp) -> Result<Option<StatusEvent>> {
        let (epoch, at) = (i64::from(action.stamp.epoch), at.millis());
        sqlx::query_file_as!(StatusEventRow, "queries/status_event_covering.sql", action.session.0, epoch, at)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading history")?
            .map(StatusEventRow::event)
            .transpose()
    }
}

/// From when on it is known what the machine did, where an action brings its session back.
pub(super) fn known_from(stamp: &ActionStamp, at: Timestamp) -> Timestamp {
    stamp.running_since.unwrap_or(at).min(at)
}
