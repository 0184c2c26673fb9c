//! The one writer: takes what is queued, without waiting, and commits it together.
//!
//! Each command runs in a SAVEPOINT of its own, so that one that fails takes nothing with it; one
//! COMMIT (`synchronous=FULL`) puts all of them on disk; only then are they answered and their changes
//! published, in commit order. Under load a disk flush is shared by as many commands as came meanwhile;
//! without load a command waits for nobody.

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
pub(crate) struct Queue(mpsc::Sender<Job>);

impl Queue {
    /// Runs a command in the next commit; returns when it is on disk.
    pub(crate) async fn run<T, C>(&self, command: C) -> Result<T>
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
        self.0.send(job).await.map_err(|_| closed())?;
        receiver.await.map_err(|_| closed())?
    }
}

/// The task that writes.
pub(crate) struct Writer {
    tx: Tx,
    jobs: mpsc::Receiver<Job>,
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
        let (sender, jobs) = mpsc::channel(QUEUE);
        let (commits, published) = Commits::channel();
        let tx = Tx { conn, now: clock.now(), last_offset, changes: Vec::new() };
        (Self { tx, jobs, commits, clock, closing }, Queue(sender), published)
    }

    /// Runs until it is told to close and the queue is empty.
    pub(crate) async fn run(mut self) {
        let closing = self.closing.clone();
        let mut open = true;
        loop {
            let first = tokio::select! {
                biased;
                job = self.jobs.recv() => job,
                () = closing.cancelled(), if open => {
                    // What is queued is still done; nothing new gets in.
                    self.jobs.close();
                    open = false;
                    continue;
                }
            };
            let Some(first) = first else { break };
            let mut batch = vec![first];
            while batch.len() < BATCH
                && let Ok(job) = self.jobs.try_recv()
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
