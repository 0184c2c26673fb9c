//! What remembers how far the log had come, beside the database: so a database that was put back from an older copy is
//! found out.
//!
//! Such a database would go on with offsets that clients have seen already, for other changes. What the witness says is
//! kept in a file of its own, `<database>-position`, that no copy of the database brings along. Where the two don't
//! agree, history begins anew: the log gets another epoch, and every client a fresh start. That costs little, so
//! whatever is doubtful counts as put back: no file, one that can't be read, one that was written about another file.

use crate::Sqlite;
use crate::error::Context;
use millrace_domain::Clock;
use millrace_domain::storage::{Committed, Result};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two looks at how far the log has come. What a crash makes it miss is a copy of the last moment that is put
/// back over what came after it.
const INTERVAL: Duration = Duration::from_secs(1);

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    /// The log's epoch.
    epoch: String,
    /// An offset that was committed; there may be later ones.
    offset: u64,
    /// Which file that was: a copy is another.
    file: u64,
}

/// The witness of one database.
#[derive(Debug)]
pub(crate) struct Witness {
    path: PathBuf,
    said: Said,
}

impl Witness {
    /// Asks whether this database goes on where it was; otherwise the second value is true and `fresh` its epoch.
    pub(crate) fn ask(database: &Path, epoch: String, last: u64, fresh: String) -> (Self, bool) {
        let path = beside(database);
        let known: Option<Said> = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let file = identity(database).unwrap_or_default();
        let goes_on = known.is_some_and(|known| known.epoch == epoch && known.offset <= last && known.file == file);
        let epoch = if goes_on { epoch } else { fresh };
        (Self { path, said: Said { epoch, offset: last, file } }, !goes_on)
    }

    /// Writes down what it knows, whole or not at all.
    pub(crate) fn write(&self) -> io::Result<()> {
        let mut aside = self.path.clone().into_os_string();
        aside.push("-new");
        let aside = PathBuf::from(aside);
        let mut file = std::fs::File::create(&aside)?;
        file.write_all(&serde_json::to_vec(&self.said)?)?;
        drop(file);
        std::fs::rename(&aside, &self.path)
    }

    /// Keeps up with the log until the database is closed.
    pub(crate) async fn keep(mut self, committed: Committed, clock: Arc<dyn Clock>, closing: CancellationToken) {
        loop {
            let ends = tokio::select! {
                () = clock.sleep(INTERVAL) => false,
                () = closing.cancelled() => true,
            };
            self.follow(committed.offset());
            if ends {
                return;
            }
        }
    }

    /// Writes down that the log has come this far.
    pub(crate) fn follow(&mut self, offset: u64) {
        if offset <= self.said.offset {
            return;
        }
        self.said.offset = offset;
        if let Err(error) = self.write() {
            tracing::warn!(%error, file = %self.path.display(), "how far the log has come can't be written down");
        }
    }
}

impl Sqlite {
    /// Where the witness of a database stands.
    #[must_use]
    pub fn witness_of(database: &Path) -> PathBuf {
        beside(database)
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-position");
    name.into()
}

/// Tells a file from its copies.
#[cfg(unix)]
fn identity(file: &Path) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(file).map(|known| known.ino())
}

/// Tells a file from its copies, where the system can.
#[cfg(not(unix))]
fn identity(_file: &Path) -> io::Result<u64> {
    Ok(0)
}

/// Begins history anew.
pub(crate) async fn begin_anew(conn: &mut sqlx::SqliteConnection, epoch: &str) -> Result<()> {
    sqlx::query_file!("queries/installation_epoch.sql", epoch)
        .execute(conn)
        .await
        .during("beginning history anew")
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(database: &Path, epoch: &str, last: u64) -> (Witness, bool) {
        Witness::ask(database, epoch.to_owned(), last, "new".to_owned())
    }

    #[test]
    fn a_database_that_is_behind_or_another_begins_anew_and_one_that_is_ahead_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = folder.path().join("floor.db");
        std::fs::write(&database, "x").expect("writes");
        assert!(asked(&database, "e", 0).1, "nobody has seen it before");
        let mut witness = asked(&database, "e", 5).0;
        witness.said.epoch = "e".to_owned();
        witness.write().expect("writes");
        witness.follow(7);
        witness.follow(6);
        assert!(!asked(&database, "e", 7).1);
        assert!(!asked(&database, "e", 9).1, "the end was not written down");
        assert!(asked(&database, "e", 6).1, "put back");
        assert!(asked(&database, "f", 7).1, "another history");
        let copy = folder.path().join("copy.db");
        std::fs::copy(&database, &copy).expect("copies");
        std::fs::rename(&copy, &database).expect("puts back");
        assert!(asked(&database, "e", 7).1, "another file in its place");
        std::fs::write(beside(&database), "{").expect("writes");
        assert!(asked(&database, "e", 7).1, "what can't be read says nothing");
    }
}
