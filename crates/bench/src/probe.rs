//! What the disk itself takes: a page written and flushed, nothing else. No commit can be faster.

use anyhow::Context;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

/// A page.
const PAGE: [u8; 4096] = [0x5A; 4096];
/// Pages of the file: written over and over, as a write-ahead log is.
const PAGES: u64 = 1_000;

/// A file on the disk that is measured.
#[derive(Debug)]
pub(crate) struct Probe {
    file: File,
    written: u64,
    /// What each flush took.
    pub(crate) times: Vec<Duration>,
}

impl Probe {
    /// A probe of the disk under this folder.
    pub(crate) fn beside(folder: &Path) -> anyhow::Result<Self> {
        let file = File::create(folder.join("flush.probe")).context("making a file to flush")?;
        for page in 0..PAGES {
            file.write_all_at(&PAGE, page * PAGE.len() as u64)?;
        }
        file.sync_all()?;
        Ok(Self { file, written: 0, times: Vec::new() })
    }

    /// Writes a page and has it flushed.
    pub(crate) fn flush(&mut self) -> anyhow::Result<()> {
        let began = crate::time::now();
        self.file.write_all_at(&PAGE, (self.written % PAGES) * PAGE.len() as u64)?;
        self.file.sync_data()?;
        self.times.push(began.elapsed());
        self.written += 1;
        Ok(())
    }
}
