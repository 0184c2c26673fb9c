//! The kiosk's own disk: an SQLite file that its owner alone can read.
//!
//! `synchronous=FULL`: what a function here returned from is on the disk, also when the power fails
//! in the next instant. One connection, because one task owns all of it.

mod claim;
mod identity;
mod kind;
mod offset;
mod outbox;
mod recall;
mod unsaid;

pub use claim::{Brought, Claim, Opening, Purpose};
pub use identity::Identity;
pub use kind::Kind;
pub use offset::Learnt;
pub use outbox::{By, Draft, Entry, Moment, Settled, Undone};

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;
use std::time::Duration;

/// Why something is not on the disk, or can't be read from it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file can't be made or opened.
    #[error("the kiosk's database {path} can't be opened: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The database refused: full, read-only, damaged.
    #[error("the kiosk's database failed")]
    Database(#[from] sqlx::Error),
    /// Its schema can't be brought to this version.
    #[error("the kiosk's database can't be brought to this version")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row holds what this version can't read.
    #[error("the kiosk's database holds a {what} that can't be read")]
    Unreadable {
        /// What kind of row.
        what: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// The open database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Opens the database, makes it where there is none, and brings it to this version.
    ///
    /// # Errors
    /// When the file can't be made, or is no database of ours.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        private(path).map_err(|source| StoreError::File { path: path.display().to_string(), source })?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            // A kiosk runs for months; its one connection is no worse for age.
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_with(options)
            .await?;
        sqlx::migrate!("../../migrations/kiosk").run(&pool).await?;
        Ok(Self { pool })
    }

    /// Does something to the rows that no version of ours does.
    #[cfg(test)]
    pub(crate) async fn spoil(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.pool).await.expect("the statement is one");
    }

    /// From now on the disk is like this.
    #[cfg(test)]
    pub(crate) async fn breaks(&self, disk: Broken) {
        let pragma = match disk {
            Broken::ReadOnly => "PRAGMA query_only = ON",
            // Never less than there are already.
            Broken::Full => "PRAGMA max_page_count = 1",
            Broken::Well => "PRAGMA query_only = OFF; PRAGMA max_page_count = 1073741823",
        };
        sqlx::raw_sql(pragma).execute(&self.pool).await.expect("the pragma is one");
    }

    /// Closes the database. What was returned from before is on the disk in any case.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// What a test does to the disk.
#[cfg(test)]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Broken {
    ReadOnly,
    Full,
    Well,
}

/// Makes the file readable by its owner alone before SQLite makes it otherwise; the journal files take after it.
fn private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    Ok(())
}

/// Reads JSON out of a column.
fn json<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|source| StoreError::Unreadable { what, source: source.into() })
}

/// Writes JSON for a column.
fn text<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::Unreadable { what, source: source.into() })
}

/// Reads an id, or anything else that is a text, out of a column.
fn parsed<T>(what: &'static str, text: &str) -> Result<T, StoreError>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|source: T::Err| StoreError::Unreadable { what, source: source.into() })
}

/// Reads a number that is never negative out of a column.
fn count<T: TryFrom<i64>>(what: &'static str, value: i64) -> Result<T, StoreError>
where
    T::Error: std::error::Error + Send + Sync + 'static,
{
    T::try_from(value).map_err(|source| StoreError::Unreadable { what, source: source.into() })
}

/// Writes a number that is never negative into a column.
fn column(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
