//! The one writer: takes what is queued, without waiting, and commits it together.
//!
//! Each command runs in a SAVEPOINT of its own, so that one that fails takes nothing with it; one
//! COMMIT (`synchronous=FULL`) puts all of them on disk; only then are they answered and their changes
//! published, in commit order. Under load a disk flush is shared by as many commands as came meanwhile;
//! without load a command waits for nobody.
//!
//! Heartbeats have a queue of their own that is looked into first: after an outage every kiosk has a full outbox, and a
//! session must not be lost because its heartbeat stood behind them. They can't keep the others out: all that have come
//! are one command.

use crate::encoding::{json, number};
use crate::error::Context;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use millrace_domain::Clock;
use millrace_domain::change::{Change, Row};
use millrace_domain::storage::{Commits, Publisher, Result, StorageError};
use millrace_protocol::time::Timestamp;
use sqlx::{Connection, SqliteConnection};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// The most commands one commit takes.
const BATCH: usize = 64;
/// The most commands that wait; beyond it callers wait to queue.
const QUEUE: usize = 1024;

/// What a command writes in: the connection, the moment, and the log that grows with it.
pub(crate) struct Tx {
    pub(crate) conn: SqliteConnection,
    /// Read once per commit.
    pub(crate) now: Timestamp,
    last_offset: u64,
    changes: Vec<Change>,
}

/// Where the log stood when a rehearsal began.
#[derive(Debug)]
pub(crate) struct Rehearsal {
    last_offset: u64,
    changes: usize,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("now", &self.now).field("last_offset", &self.last_offset).finish_non_exhaustive()
    }
}

impl Tx {
    /// Adds a changed row to the log.
    pub(crate) async fn record(&mut self, row: Row) -> Result<()> {
        let change = Change { offset: self.last_offset + 1, at: self.now, row };
        let (offset, at, row) = (number(change.offset)?, change.at.millis(), json(&change.row)?);
        sqlx::query_file!("queries/change_insert.sql", offset, at, row)
            .execute(&mut self.conn)
            .await
            .during("adding to the change log")?;
        self.last_offset = change.offset;
        self.changes.push(change);
        Ok(())
    }

    /// The offset of the newest change, this commit's own included.
    pub(crate) fn last_offset(&self) -> u64 {
        self.last_offset
    }

    /// From here on nothing is kept: what is written is seen until [`Tx::forget`] takes it back.
    pub(crate) async fn rehearse(&mut self) -> Result<Rehearsal> {
        self.statement("SAVEPOINT rehearsal").await?;
        Ok(Rehearsal { last_offset: self.last_offset, changes: self.changes.len() })
    }

    /// Takes back everything since the rehearsal began.
    pub(crate) async fn forget(&mut self, rehearsal: Rehearsal) -> Result<()> {
        self.last_offset = rehearsal.last_offset;
        self.changes.truncate(rehearsal.changes);
        self.statement("ROLLBACK TO rehearsal").await?;
        self.statement("RELEASE rehearsal").await
    }

    async fn statement(&mut self, sql: &'static str) -> Result<()> {
        sqlx::query(sql).execute(&mut self.conn).await.during(sql).map(drop)
    }
}

/// Answers a command, told whether its commit succeeded.
type Answer = Box<dyn FnOnce(bool) + Send>;
/// A command with its types worn off; it says whether it is to be kept.
type Job = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, (bool, Answer)> + Send>;

/// Where commands are put.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    ordinary: mpsc::Sender<Job>,
    urgent: mpsc::Sender<Job>,
}

impl Queue {
    /// Runs a command in the next commit; returns when it is on disk.
    pub(crate) async fn run<T, C>(&self, command: C) -> Result<T>
    where
        T: Send + 'static,
        C: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        put(&self.ordinary, command).await
    }

    /// The same before all that waits.
    pub(crate) async fn run_first<T, C>(&self, command: C) -> Result<T>
    where
        T: Send + 'static,
        C: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        put(&self.urgent, command).await
    }
}

async fn put<T, C>(queue: &mpsc::Sender<Job>, command: C) -> Result<T>
where
    T: Send + 'static,
    C: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + 'static,
{
    let (sender, receiver) = oneshot::channel();
    let job: Job = Box::new(move |tx| {
        Box::pin(async move {
            // A command that panics is a defect of its own, not the end of the writer.
            let result = AssertUnwindSafe(command(tx)).catch_unwind().await.unwrap_or_else(|_| {
                Err(StorageError::Defect { context: "running a command", reason: "it panicked".into() })
            });
            let keep = result.is_ok();
            let answer: Answer = Box::new(move |committed| {
                let outcome = match result {
                    Ok(_) if !committed => Err(StorageError::Unavailable("the commit failed".into())),
                    result => result,
                };
                // Whoever asked may have gone; what was done stays done.
                let _gone = sender.send(outcome);
            });
            (keep, answer)
        })
    });
    let closed = || StorageError::Unavailable("the database is being closed".into());
    queue.send(job).await.map_err(|_| closed())?;
    receiver.await.map_err(|_| closed())?
}

/// The task that writes.
pub(crate) struct Writer {
    tx: Tx,
    jobs: mpsc::Receiver<Job>,
    urgent: mpsc::Receiver<Job>,
    commits: Publisher,
    clock: Arc<dyn Clock>,
    closing: CancellationToken,
}

impl Writer {
    pub(crate) fn new(
        conn: SqliteConnection,
        last_offset: u64,
        clock: Arc<dyn Clock>,
        closing: CancellationToken,
    ) -> (Self, Queue, Commits) {
        let (ordinary, jobs) = mpsc::channel(QUEUE);
        let (sender, urgent) = mpsc::channel(QUEUE);
        let (commits, published) = Commits::channel();
        let tx = Tx { conn, now: clock.now(), last_offset, changes: Vec::new() };
        (Self { tx, jobs, urgent, commits, clock, closing }, Queue { ordinary, urgent: sender }, published)
    }

    /// Runs until it is told to close and the queue is empty.
    pub(crate) async fn run(mut self) {
        let closing = self.closing.clone();
        let mut open = true;
        loop {
            let first = tokio::select! {
                biased;
                Some(job) = self.urgent.recv() => job,
                Some(job) = self.jobs.recv() => job,
                () = closing.cancelled(), if open => {
                    // What is queued is still done; nothing new gets in.
                    self.urgent.close();
                    self.jobs.close();
                    open = false;
                    continue;
                }
                else => break,
            };
            let mut batch = vec![first];
            while batch.len() < BATCH
                && let Ok(job) = self.urgent.try_recv().or_else(|_| self.jobs.try_recv())
            {
                batch.push(job);
            }
            self.commit(batch).await;
        }
        if let Err(error) = self.tx.conn.close().await {
            tracing::warn!(%error, "the database was not closed in good order");
        }
    }

    async fn commit(&mut self, batch: Vec<Job>) {
        self.tx.now = self.clock.now();
        let before = self.tx.last_offset;
        let begun = self.tx.statement("BEGIN IMMEDIATE").await;
        let mut answers = Vec::with_capacity(batch.len());
        let mut sound = begun.is_ok();
        for job in batch {
            if sound {
                let (answer, kept) = self.run_one(job).await;
                answers.push(answer);
                sound = kept.is_ok();
            } else {
                // Not run: dropping it answers it as unavailable.
                drop(job);
            }
        }
        let committed = match (begun, sound) {
            (Ok(()), true) => self.tx.statement("COMMIT").await,
            (Ok(()), false) => Err(StorageError::Unavailable("a savepoint failed".into())),
            (Err(error), _) => Err(error),
        };
        let changes = std::mem::take(&mut self.tx.changes);
        match &committed {
            Ok(()) if !changes.is_empty() => self.commits.publish(changes),
            Ok(()) => {}
            Err(error) => {
                tracing::error!(%error, commands = answers.len(), "a commit failed; its commands are refused");
                self.tx.last_offset = before;
                if let Err(error) = self.tx.statement("ROLLBACK").await {
                    tracing::debug!(%error, "nothing was left to roll back");
                }
            }
        }
        for answer in answers {
            answer(committed.is_ok());
        }
    }

    /// Runs one command in a savepoint. The error says that the transaction as a whole can't be trusted.
    async fn run_one(&mut self, job: Job) -> (Answer, Result<()>) {
        let (offset, length) = (self.tx.last_offset, self.tx.changes.len());
        let opened = self.tx.statement("SAVEPOINT command").await;
        let (keep, answer) = job(&mut self.tx).await;
        let mut settled = opened;
        if !keep {
            self.tx.last_offset = offset;
            self.tx.changes.truncate(length);
            if settled.is_ok() {
                settled = self.tx.statement("ROLLBACK TO command").await;
            }
        }
        if settled.is_ok() {
            settled = self.tx.statement("RELEASE command").await;
        }
        (answer, settled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use millrace_domain::SystemClock;
    use std::sync::Mutex;
    use tokio::sync::Notify;

    /// A command that says its name when it runs.
    fn named(
        seen: &Arc<Mutex<Vec<&'static str>>>,
        name: &'static str,
    ) -> impl for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<()>> + Send + 'static {
        let seen = seen.clone();
        move |_| {
            Box::pin(async move {
                seen.lock().expect("nobody panics").push(name);
                Ok(())
            })
        }
    }

    #[tokio::test]
    async fn what_is_urgent_waits_for_the_commit_that_runs_and_for_no_other() {
        let conn = SqliteConnection::connect("sqlite::memory:").await.expect("opens");
        let closing = CancellationToken::new();
        let (writer, queue, _commits) = Writer::new(conn, 0, Arc::new(SystemClock::new()), closing.clone());
        let running = tokio::spawn(writer.run());
        let (seen, began, go) = (Arc::<Mutex<Vec<_>>>::default(), Arc::new(Notify::new()), Arc::new(Notify::new()));
        let held = tokio::spawn({
            let (queue, began, go) = (queue.clone(), began.clone(), go.clone());
            async move {
                let hold = async move |_: &mut Tx| {
                    began.notify_one();
                    go.notified().await;
                    Ok(())
                };
                queue.run(move |tx| Box::pin(async move { hold(tx).await })).await
            }
        });
        began.notified().await;
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..3 * BATCH {
            let (queue, command) = (queue.clone(), named(&seen, "ordinary"));
            waiting.spawn(async move { queue.run(command).await });
        }
        while queue.ordinary.capacity() > QUEUE - 3 * BATCH {
            tokio::task::yield_now().await;
        }
        let (urgent, command) = (queue.clone(), named(&seen, "urgent"));
        waiting.spawn(async move { urgent.run_first(command).await });
        while queue.urgent.capacity() == QUEUE {
            tokio::task::yield_now().await;
        }
        go.notify_one();
        held.await.expect("runs").expect("commits");
        for done in waiting.join_all().await {
            done.expect("commits");
        }
        let seen = seen.lock().expect("nobody panics").clone();
        assert_eq!((seen.len(), seen.first()), (3 * BATCH + 1, Some(&"urgent")));
        closing.cancel();
        running.await.expect("ends");
    }
}
