//! What the database says, in the words of the storage traits.

use millrace_domain::Refusal;
use millrace_domain::storage::StorageError;

/// SQLite's primary result codes that may pass: busy, locked, disk full, I/O error, cannot open.
const PASSING: [i32; 5] = [5, 6, 13, 10, 14];

/// Says what was being done when the database failed.
pub(crate) trait Context<T> {
    /// Names what was being done.
    fn during(self, context: &'static str) -> Result<T, StorageError>;
}

impl<T> Context<T> for Result<T, sqlx::Error> {
    fn during(self, context: &'static str) -> Result<T, StorageError> {
        self.map_err(|error| classify(context, &error))
    }
}

/// A rule of the schema that a statement broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Another row has the same unique value.
    Unique,
    /// A row that is referred to is not there, or one that is to go is still referred to.
    Reference,
}

/// Says which rule of the trade it is where a statement broke one of the schema's.
pub(crate) trait Unless<T> {
    /// What was being done, and what to say where the schema stands against it.
    fn unless(self, context: &'static str, says: impl FnOnce(Broken) -> Refusal) -> Result<T, StorageError>;
}

impl<T> Unless<T> for Result<T, sqlx::Error> {
    fn unless(self, context: &'static str, says: impl FnOnce(Broken) -> Refusal) -> Result<T, StorageError> {
        self.map_err(|error| {
            let broken = error.as_database_error().and_then(|database| match database.kind() {
                sqlx::error::ErrorKind::UniqueViolation => Some(Broken::Unique),
                sqlx::error::ErrorKind::ForeignKeyViolation => Some(Broken::Reference),
                _ => None,
            });
            broken.map_or_else(|| classify(context, &error), |broken| says(broken).into())
        })
    }
}

impl<T> Context<T> for Result<T, serde_json::Error> {
    fn during(self, context: &'static str) -> Result<T, StorageError> {
        self.map_err(|error| StorageError::Defect { context, reason: error.to_string() })
    }
}

fn classify(context: &'static str, error: &sqlx::Error) -> StorageError {
    let passing = match error {
        sqlx::Error::Database(database) => database
            .code()
            .and_then(|code| code.parse::<i32>().ok())
            // An extended code keeps the primary one in its low byte.
            .is_some_and(|code| PASSING.contains(&(code & 0xff))),
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed | sqlx::Error::Io(_) => true,
        _ => false,
    };
    if passing {
        StorageError::Unavailable(format!("{context}: {error}"))
    } else {
        StorageError::Defect { context, reason: error.to_string() }
    }
}
