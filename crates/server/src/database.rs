//! Which database a URL names: the one place that knows there are several.

use anyhow::{Context, bail};
use millrace_domain::storage::Commits;
use millrace_domain::{Chance, Clock, Policy};
use millrace_sqlite::Sqlite;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file in the data directory where no URL says otherwise.
const DEFAULT: &str = "millrace.db";

/// The database file that a configuration names.
///
/// # Errors
/// When the URL names none, or a kind this build does not have.
pub fn file(url: Option<&str>, data_dir: &Path) -> anyhow::Result<PathBuf> {
    let Some(url) = url else { return Ok(data_dir.join(DEFAULT)) };
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        bail!("this build has no PostgreSQL yet; leave --database-url out, or give it as sqlite:PATH");
    }
    match url.strip_prefix("sqlite:") {
        Some(path) => match path.strip_prefix("//").unwrap_or(path) {
            "" => bail!("the database URL `{url}` names no file; give it as sqlite:PATH"),
            ":memory:" => bail!("a database in memory would forget what was acknowledged; give a file as sqlite:PATH"),
            path => Ok(PathBuf::from(path)),
        },
        None => bail!("the database URL `{url}` can't be read; give it as sqlite:PATH"),
    }
}

/// Opens the database, making it and bringing it up to date where needed.
///
/// # Errors
/// When it can't be opened, or was made by a newer program.
pub async fn open(
    path: &Path,
    policy: Policy,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
) -> anyhow::Result<(Sqlite, Commits)> {
    Sqlite::open(path, millrace_sqlite::Options { policy }, clock, chance)
        .await
        .with_context(|| format!("database {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: Option<&str>) -> Result<PathBuf, String> {
        file(url, Path::new("/data")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_url_names_a_file() {
        assert_eq!(at(None), Ok(PathBuf::from("/data/millrace.db")));
        assert_eq!(at(Some("sqlite:floor.db")), Ok(PathBuf::from("floor.db")));
        assert_eq!(at(Some("sqlite:///var/floor.db")), Ok(PathBuf::from("/var/floor.db")));
    }

    #[test]
    fn what_this_build_has_not_is_said_plainly() {
        assert!(at(Some("postgres://host/db")).expect_err("refused").contains("no PostgreSQL yet"));
        for wrong in ["sqlite:", "sqlite::memory:", "mysql://host/db", "floor.db"] {
            assert!(at(Some(wrong)).expect_err("refused").contains("sqlite:PATH"), "{wrong}");
        }
    }
}
