//! Heartbeats: one statement renews the leases of all that came while the last one was written and a moment longer.
//!
//! That statement is also what knows the kiosk by its token: a heartbeat costs one look at the database, not two.
//!
//! A heartbeat that comes alone is written at once. Behind each commit there is a pause, because most of what a
//! heartbeat costs is its share of a commit, and nobody stands and waits for its answer. What one statement can't say
//! (a contact that comes back, a kiosk that closes, somebody else's claim) is done singly behind it, in the same commit.

use crate::encoding::{count, json, moment, number};
use crate::error::Context;
use crate::writer::{Queue, Tx};
use millrace_domain::change::Closer;
use millrace_domain::session::ownership::{mismatch, of_its_worker, still_open, unknown_kiosk};
use millrace_domain::session::{change_status, watch};
use millrace_domain::storage::{HeartbeatOutcome, Result, StorageError, TokenHash};
use millrace_domain::{Clock, Policy, Refusal};
use millrace_protocol::session::{CloseReason, HeartbeatRequest, Session};
use millrace_protocol::{KioskId, SessionId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The most that one statement takes.
const BATCH: usize = 512;
/// The most that wait; beyond it callers wait to queue.
const QUEUE: usize = 4_096;
/// Between one commit of heartbeats and the next.
const PAUSE: Duration = Duration::from_millis(20);

/// One heartbeat.
#[derive(Debug, Clone)]
pub(crate) struct Beat {
    /// Of the kiosk's token.
    pub(crate) token: TokenHash,
    pub(crate) worker_code: Option<String>,
    pub(crate) request: HeartbeatRequest,
}

#[derive(Debug)]
struct Waiting {
    beat: Beat,
    since: Duration,
    answer: oneshot::Sender<Result<HeartbeatOutcome>>,
}

/// Where heartbeats are put.
#[derive(Debug, Clone)]
pub(crate) struct Heartbeats {
    waiting: mpsc::Sender<Waiting>,
    clock: Arc<dyn Clock>,
}

/// What takes them to the writer, until the database is closed.
pub(crate) struct Collector {
    waiting: mpsc::Receiver<Waiting>,
    queue: Queue,
    clock: Arc<dyn Clock>,
    policy: Arc<Policy>,
    closing: CancellationToken,
}

impl Heartbeats {
    pub(crate) fn new(
        queue: Queue,
        clock: Arc<dyn Clock>,
        policy: Arc<Policy>,
        closing: CancellationToken,
    ) -> (Self, Collector) {
        let (sender, waiting) = mpsc::channel(QUEUE);
        (Self { waiting: sender, clock: clock.clone() }, Collector { waiting, queue, clock, policy, closing })
    }

    /// Puts one, and waits until it is on disk.
    pub(crate) async fn put(&self, beat: Beat) -> Result<HeartbeatOutcome> {
        let (answer, answered) = oneshot::channel();
        let closed = || StorageError::Unavailable("the database is being closed".into());
        let waiting = Waiting { beat, since: self.clock.monotonic(), answer };
        self.waiting.send(waiting).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }
}

impl Collector {
    pub(crate) async fn run(mut self) {
        let mut waited_ms = 0;
        let mut batch = Vec::new();
        while let Some(1..) = self.closing.run_until_cancelled(self.waiting.recv_many(&mut batch, BATCH)).await {
            let next_ms = self.policy.next_heartbeat(waited_ms);
            let beats: Vec<_> = batch.iter().map(|waiting| waiting.beat.clone()).collect();
            let written = self.queue.run_first(move |tx| Box::pin(tx.heartbeats(beats, next_ms))).await;
            let longest =
                batch.first().map_or(Duration::ZERO, |first| self.clock.monotonic().saturating_sub(first.since));
            // Smoothed: one slow flush is no load.
            waited_ms = (waited_ms * 7 + u64::try_from(longest.as_millis()).unwrap_or(u64::MAX)) / 8;
            match written {
                Ok(answers) => {
                    for (waiting, answer) in batch.drain(..).zip(answers) {
                        // Whoever asked may have gone.
                        let _gone = waiting.answer.send(answer);
                    }
                }
                Err(error) => {
                    for waiting in batch.drain(..) {
                        let _gone = waiting.answer.send(Err(StorageError::Unavailable(error.to_string())));
                    }
                }
            }
            #[expect(clippy::disallowed_methods, reason = "it spares the machine's disk, and no rule hangs on it")]
            let pause = tokio::time::sleep(PAUSE);
            self.closing.run_until_cancelled(pause).await;
        }
    }
}

impl Tx {
    /// Writes heartbeats in their order and answers each. An error is the whole batch's.
    async fn heartbeats(&mut self, beats: Vec<Beat>, next_ms: u64) -> Result<Vec<Result<HeartbeatOutcome>>> {
        let mut sessions = HashSet::new();
        // Of a session that comes twice the second is taken singly, so that a row that comes back is the first one's.
        let plain: Vec<_> =
            beats.iter().map(|beat| sessions.insert(beat.request.session_id) && !beat.request.closing).collect();
        let renewed = beats.iter().zip(&plain).filter_map(|(beat, plain)| plain.then_some(beat));
        let renewed = self.renew_many(renewed, next_ms).await?;
        let mut answers = Vec::with_capacity(beats.len());
        for (beat, plain) in beats.iter().zip(plain) {
            let answer = match renewed.get(&beat.request.session_id).filter(|_| plain) {
                Some(outcome) => Ok(*outcome),
                None => self.heartbeat(beat, next_ms).await,
            };
            match answer {
                // A rule that says no has written nothing.
                Ok(_) | Err(StorageError::Refused(_)) => answers.push(answer),
                Err(error) => return Err(error),
            }
        }
        Ok(answers)
    }

    /// The owners among them, renewed. At most one for a session.
    async fn renew_many<'b>(
        &mut self,
        beats: impl Iterator<Item = &'b Beat>,
        next_ms: u64,
    ) -> Result<HashMap<SessionId, HeartbeatOutcome>> {
        let hex = |id: Uuid| hex::encode(id.as_bytes());
        let asked: Vec<_> = beats
            .map(|Beat { token, worker_code, request: HeartbeatRequest { session_id, instance_id, epoch, .. } }| {
                (hex(session_id.0), hex::encode(token), hex(instance_id.0), epoch, worker_code)
            })
            .collect();
        let (asked, now, next) = (json(&asked)?, self.now.millis(), number(next_ms)?);
        let rows = sqlx::query_file!("queries/leases_renew.sql", asked, now, next)
            .fetch_all(&mut self.conn)
            .await
            .during("renewing leases")?;
        let mut renewed = HashMap::with_capacity(rows.len());
        for row in rows {
            let (epoch, last_seq) = (count(row.epoch)?, count(row.last_seq)?);
            renewed.insert(SessionId(row.session_id), HeartbeatOutcome { epoch, last_seq, now: self.now, next_ms });
        }
        Ok(renewed)
    }

    /// One heartbeat, whatever it is.
    async fn heartbeat(&mut self, beat: &Beat, next_ms: u64) -> Result<HeartbeatOutcome> {
        let kiosk = sqlx::query_file!("queries/kiosk_by_token.sql", beat.token.as_slice())
            .fetch_optional(&mut self.conn)
            .await
            .during("looking up a kiosk")?
            .ok_or_else(unknown_kiosk)?;
        let session = self.session(beat.request.session_id).await?.ok_or(Refusal::SessionNotFound)?;
        of_its_worker(&session, beat.worker_code.as_deref())?;
        let Some((epoch, last_seen)) = self.renew(KioskId(kiosk.id), &beat.request, next_ms).await? else {
            if let Err(refusal) = still_open(&session) {
                return Err(self.closed_by_whom(&session, KioskId(kiosk.id), refusal).await?.into());
            }
            return Err(mismatch(self.owner(&session).await?).into());
        };
        let changed = if beat.request.closing {
            watch::closing(&session, moment(last_seen))
        } else {
            change_status::heard(&session)
        };
        if let Some((_, effects)) = changed {
            self.apply(effects).await?;
        }
        Ok(HeartbeatOutcome { epoch: count(epoch)?, last_seq: count(kiosk.last_seq)?, now: self.now, next_ms })
    }

    /// That a session has ended, said to the kiosk whose it was with the supervisor who closed it.
    async fn closed_by_whom(&mut self, session: &Session, kiosk: KioskId, refusal: Refusal) -> Result<Refusal> {
        let Refusal::SessionNotActive { reason: Some(CloseReason::Forced), provisional, ended_at, .. } = refusal else {
            return Ok(refusal);
        };
        let closer = match self.owner(session).await?.kiosk == kiosk {
            true => sqlx::query_file!("queries/closer.sql", session.id.0)
                .fetch_optional(&mut self.conn)
                .await
                .during("asking who closed a session")?,
            false => None,
        };
        let closer = closer.map(|closer| Box::new(Closer { by: closer.actor, note: closer.reason }));
        Ok(Refusal::SessionNotActive { reason: Some(CloseReason::Forced), provisional, ended_at, closer })
    }

    /// The epoch and the last contact of the owner, renewed unless it is closing; none for anybody else.
    async fn renew(&mut self, kiosk: KioskId, request: &HeartbeatRequest, next_ms: u64) -> Result<Option<(i64, i64)>> {
        let (session, instance) = (request.session_id.0, request.instance_id.0);
        let epoch = request.epoch.map(i64::from);
        if request.closing {
            let row = sqlx::query_file!("queries/lease_held.sql", session, kiosk.0, instance, epoch)
                .fetch_optional(&mut self.conn)
                .await
                .during("checking a lease")?;
            return Ok(row.map(|row| (row.epoch, row.last_seen_at)));
        }
        let (now, next_ms) = (self.now.millis(), Some(number(next_ms)?));
        let row = sqlx::query_file!("queries/lease_renew.sql", session, kiosk.0, instance, epoch, now, next_ms)
            .fetch_optional(&mut self.conn)
            .await
            .during("renewing a lease")?;
        Ok(row.map(|row| (row.epoch, row.last_seen_at)))
    }
}
