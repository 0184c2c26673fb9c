//! `version`

use crate::cli::Version;
use millrace_protocol::health;

/// Prints the version.
pub(super) fn print(wanted: &Version) -> anyhow::Result<()> {
    let version = health::Version {
        name: "millrace-server".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: health::PROTOCOL,
    };
    let line = if wanted.json {
        serde_json::to_string(&version)?
    } else {
        format!("{} {} (protocol {})", version.name, version.version, version.protocol)
    };
    Ok(crate::say(&line)?)
}
