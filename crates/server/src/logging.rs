//! Log lines: to stderr, because stdout is for the ready line.

use crate::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

/// Starts logging as configured.
///
/// # Errors
/// When the level can't be read.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log_level)
        .map_err(|error| anyhow::anyhow!("log_level `{}` can't be read: {error}", config.log_level))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A line that can't be written is lost. Complaining about it on stderr, too, panics in the middle of whatever
        // was being logged: on a full disk that would end the database's writer.
        .log_internal_errors(false);
    let started = match config.log_format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    // A second start in one process keeps the first one's lines: only tests do that.
    drop(started);
    Ok(())
}
