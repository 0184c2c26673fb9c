//! The data directory: private to the server, and to one server at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The lock file. It stays when the server ends; the lock on it does not.
const LOCK: &str = "server.lock";

/// Why the data directory can't be used. The text is one line and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another server uses it.
    #[error("another server is running on {}; end it first, or choose another --data-dir", .0.display())]
    InUse(PathBuf),
    /// The system says no.
    #[error("the data directory {} can't be used ({reason}); mend that, or choose another --data-dir", .path.display())]
    Refused {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
}

/// A data directory held by this process until it is dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the directory (mode 0700) where it is missing, and takes it.
    ///
    /// # Errors
    /// [`FolderError::InUse`] or [`FolderError::Refused`].
    pub fn take(path: &Path) -> Result<Self, FolderError> {
        let refused = |reason| FolderError::Refused { path: path.to_owned(), reason };
        make(path).map_err(refused)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path.join(LOCK))
            .map_err(refused)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse(path.to_owned())),
            Err(TryLockError::Error(reason)) => Err(refused(reason)),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes a directory that is its owner's alone; one that exists is left as it is.
///
/// # Errors
/// What the system says.
pub fn make(path: &Path) -> std::io::Result<()> {
    match DirBuilder::new().recursive(true).mode(0o700).create(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Writes a file that is its owner's alone, whole or not at all.
///
/// # Errors
/// What the system says.
pub fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&beside)?;
    // A file left over from a crash may have been made by an older umask.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().expect("is there").permissions().mode() & 0o777
    }

    #[test]
    fn it_is_made_private_and_taken_once() {
        let base = tempfile::tempdir().expect("a folder");
        let path = base.path().join("a/b");
        let first = Folder::take(&path).expect("taken");
        assert_eq!(mode(first.path()), 0o700);
        let error = Folder::take(&path).expect_err("in use");
        assert!(matches!(error, FolderError::InUse(_)), "{error}");
        drop(first);
        Folder::take(&path).expect("free again");
    }

    #[test]
    fn a_file_in_its_place_is_said_plainly() {
        let base = tempfile::tempdir().expect("a folder");
        let path = base.path().join("file");
        std::fs::write(&path, "x").expect("writes");
        let error = Folder::take(&path).expect_err("refused").to_string();
        assert!(error.contains("can't be used") && error.contains("--data-dir"), "{error}");
    }

    #[test]
    fn a_private_file_is_private() {
        let base = tempfile::tempdir().expect("a folder");
        let path = base.path().join("demo.json");
        write_private(&path, b"secret").expect("writes");
        assert_eq!((mode(&path), std::fs::read(&path).expect("reads")), (0o600, b"secret".to_vec()));
    }
}
