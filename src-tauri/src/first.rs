//! One program per data directory.
//!
//! Where there is a session bus (or its like on other systems) a second start wakes the first window; see
//! `shell`. Where there is none, this lock file decides: it falls with the process, however that ends.

use std::fs::{File, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// The lock of the data directory, held until it is dropped.
#[derive(Debug)]
pub(crate) struct First(#[expect(dead_code, reason = "held, not read")] File);

impl First {
    /// Takes the lock; nothing when another process has it. A lock that is there is one on a disk that takes nothing, too.
    ///
    /// # Errors
    /// When there is none and none can be made.
    pub(crate) fn lock(data_dir: &Path) -> std::io::Result<Option<Self>> {
        let path = data_dir.join("lock");
        let made = File::options().create(true).truncate(false).write(true).open(&path);
        let file = made.or_else(|error| File::open(&path).map_err(|_| error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// The name under which the first program is found on the bus: one per data directory that was named.
pub(crate) fn bus_name(identifier: &str, data_dir: &Path, named: bool) -> String {
    if !named {
        return identifier.to_owned();
    }
    // Only has to be the same in two processes of this program.
    let mut hasher = DefaultHasher::new();
    data_dir.hash(&mut hasher);
    // A part of a bus name may not begin with a digit.
    format!("{identifier}.d{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_directory_is_locked_until_its_program_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = First::lock(folder.path()).expect("locks").expect("is the first");
        assert!(First::lock(folder.path()).expect("looks").is_none());
        drop(first);
        assert!(First::lock(folder.path()).expect("locks").is_some());
    }

    #[test]
    fn a_lock_that_can_not_be_written_to_is_one_all_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        // Modes say nothing to a test that runs as root; that a directory can't be written to is said to everybody.
        std::fs::create_dir(folder.path().join("lock")).expect("makes it");
        let _first = First::lock(folder.path()).expect("locks").expect("is the first");
        assert!(First::lock(folder.path()).expect("looks").is_none());
        assert!(First::lock(&folder.path().join("not there")).is_err());
    }

    #[test]
    fn two_data_directories_are_two_programs() {
        let name = |dir: &str, named| bus_name("a.b", Path::new(dir), named);
        assert_eq!(name("/x", false), "a.b");
        assert_eq!(name("/x", true), name("/x", true));
        assert_ne!(name("/x", true), name("/y", true));
    }
}
