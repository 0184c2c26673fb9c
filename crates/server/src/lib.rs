//! The server program: command line, configuration, wiring, and the demo floor.
//!
//! Everything that answers a request is in `millrace-api`, everything that is stored in
//! `millrace-sqlite`; here they are put together and started, and here alone a database is named.
//!
//! Deliberately not here: routes, SQL, and rules of the trade.

pub mod alive;
pub mod cli;
pub mod command;
pub mod config;
pub mod database;
pub mod demo;
pub mod folder;
pub mod logging;
pub mod ready;
pub mod run;
pub mod test_clock;

use std::io::Write;

/// Writes one line to stdout: the program's interface to whoever started it.
///
/// # Errors
/// When nobody reads stdout any more.
pub fn say(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
