//! Millrace's storage on SQLite: the embedded database of a single server.
//!
//! One writer task owns the only connection that writes ([`writer`]); readers have a pool of their
//! own and never wait for it. WAL, `synchronous=FULL`: what was answered is on disk.
//!
//! Deliberately not here: any rule. A command loads, calls `millrace-domain`, and writes the effects.

mod access;
mod act;
mod amend;
mod areas;
mod badges;
mod calendars;
mod catalogue;
mod checklists;
mod desk;
mod devices;
mod effects;
mod encoding;
mod error;
mod floor;
mod heartbeats;
mod history;
mod jobs;
mod log;
mod open;
mod ownership;
mod people;
mod plan;
mod planning;
mod plant;
mod reasons;
mod reports;
mod requests;
mod rows;
mod snapshots;
mod stations;
mod status_definitions;
mod users;
mod watch;
mod witness;
mod workers;
mod writer;

pub use open::{OpenError, Options};

use millrace_domain::storage::Result;
use millrace_domain::{Chance, Clock, Policy};
use sqlx::SqlitePool;
use std::sync::Arc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// An open database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sqlite {
    readers: SqlitePool,
    writer: writer::Queue,
    heartbeats: heartbeats::Heartbeats,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    policy: Arc<Policy>,
    closing: CancellationToken,
    tasks: Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
}

impl Sqlite {
    /// Runs a command in the writer's next commit; returns when it is on disk.
    async fn write<T, C>(&self, command: C) -> Result<T>
    where
        T: Send + 'static,
        C: for<'t> FnOnce(&'t mut writer::Tx) -> futures_util::future::BoxFuture<'t, Result<T>> + Send + 'static,
    {
        self.writer.run(command).await
    }

    /// Finishes what is queued and closes the database. Commands that come later are refused as unavailable.
    pub async fn close(&self) {
        self.closing.cancel();
        if let Some(tasks) = self.tasks.lock().await.take()
            && let Err(error) = tasks.await
        {
            tracing::error!(%error, "the writer did not end in good order");
        }
        self.readers.close().await;
    }
}
