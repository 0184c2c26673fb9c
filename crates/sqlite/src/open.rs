//! Opening a database: pragmas, migrations, the writer.

use crate::Sqlite;
use crate::encoding::count;
use crate::heartbeats::Heartbeats;
use crate::witness::{self, Witness};
use crate::writer::Writer;
use millrace_domain::storage::{Commits, StorageError};
use millrace_domain::{Chance, Clock, Policy};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// Readers beside the writer.
const READERS: u32 = 4;
/// How long a connection waits for another process (a backup, a shell) to let go.
const BUSY: Duration = Duration::from_secs(5);

/// How a database is to be opened.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The plant's limits.
    pub policy: Policy,
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It was made by a newer program.
    #[error(
        "the database was made by a newer version of Millrace (its migration {version} is not known here); install that version, or restore a backup"
    )]
    Newer {
        /// The migration that is not known here.
        version: i64,
    },
    /// Its schema could not be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migration(#[source] MigrateError),
    /// SQLite could not open it.
    #[error("the database could not be opened: {0}")]
    Open(#[from] sqlx::Error),
    /// How far its log has come can't be written down.
    #[error("{} can't be written ({source}); make its folder writable for this user", path.display())]
    Witness {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It was opened, but could not be read.
    #[error("the database could not be read: {0}")]
    Read(#[from] StorageError),
}

impl From<MigrateError> for OpenError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) => Self::Newer { version },
            other => Self::Migration(other),
        }
    }
}

impl Sqlite {
    /// Opens the database in this file, making it where it is not there, and brings its schema up to date.
    /// The committed changes come out of the second value, in commit order.
    ///
    /// # Errors
    /// When the file can't be opened, was made by a newer program, or can't be brought up to date.
    pub async fn open(
        path: &Path,
        options: Options,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Result<(Self, Commits), OpenError> {
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let mut conn = SqliteConnection::connect_with(&connect).await?;
        MIGRATIONS.run(&mut conn).await?;

        let mut epoch = [0; 4];
        chance.fill(&mut epoch);
        let (fresh, now) = (hex::encode(epoch), clock.now().millis());
        sqlx::query_file!("queries/installation_insert.sql", fresh, now).execute(&mut conn).await?;
        let last = sqlx::query_file_scalar!("queries/change_last.sql").fetch_one(&mut conn).await?;
        let known = sqlx::query_file!("queries/installation.sql").fetch_one(&mut conn).await?;
        let (witness, anew) = Witness::ask(path, known.log_epoch, count(last)?, fresh.clone());
        if anew {
            witness::begin_anew(&mut conn, &fresh).await?;
        }
        witness.write().map_err(|source| OpenError::Witness { path: Self::witness_of(path), source })?;

        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(connect.create_if_missing(false).read_only(true))
            .await?;
        let (closing, written) = (CancellationToken::new(), CancellationToken::new());
        let (task, writer, commits) = Writer::new(conn, count(last)?, clock.clone(), closing.clone());
        let policy = Arc::new(options.policy);
        let (heartbeats, collector) = Heartbeats::new(writer.clone(), clock.clone(), policy.clone(), closing.clone());
        let witness = witness.keep(commits.committed(), clock.clone(), written.clone());
        let tasks = tokio::spawn(async move {
            let writing = async {
                task.run().await;
                // Only now is known how far it came.
                written.cancel();
            };
            tokio::join!(writing, collector.run(), witness);
        });
        let tasks = Arc::new(tokio::sync::Mutex::new(Some(tasks)));
        Ok((Self { readers, writer, heartbeats, clock, chance, policy, closing, tasks }, commits))
    }
}
