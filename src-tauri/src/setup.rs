//! How the app was set up: flags before environment before `settings.json` in the data directory.

use clap::{Parser, ValueEnum};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Which of the two doors this app has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// A worker's kiosk.
    Kiosk,
    /// A supervisor's desk.
    Desk,
    /// Both, chosen on the first screen.
    #[default]
    Both,
}

/// Millrace: the kiosk on the floor, and the supervisor's desk.
#[derive(Debug, Parser)]
#[command(name = "millrace-kiosk", version, about, max_term_width = 100)]
pub(crate) struct Setup {
    /// Where the kiosk keeps what is its own: its enrolment, its session, what was not sent yet
    #[arg(long, env = "MILLRACE_KIOSK_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Which doors the app has [default: both]
    #[arg(long, env = "MILLRACE_KIOSK_ROLE", value_enum)]
    pub(crate) role: Option<Role>,
    /// The server, for an enrolment or a supervisor's login: http://host:port
    #[arg(long, env = "MILLRACE_KIOSK_SERVER", value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Enrol with this one-time code, unless the kiosk is enrolled already
    #[arg(long, env = "MILLRACE_KIOSK_ENROLL", value_name = "CODE", requires = "server", hide_env_values = true)]
    pub(crate) enroll: Option<String>,
    /// Be the kiosk of this JSON file {serverUrl, kioskId, kioskName, token, stationId}; readable by its owner only
    #[arg(long, env = "MILLRACE_KIOSK_ENROLMENT_FILE", value_name = "FILE", conflicts_with = "enroll")]
    pub(crate) enrolment_file: Option<PathBuf>,
    /// Fill the screen, stay on top, and refuse to be closed
    #[arg(long, env = "MILLRACE_KIOSK_MODE", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub(crate) kiosk_mode: Option<bool>,
}

/// `settings.json` in the data directory: the flags that are worth keeping.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Kept {
    role: Option<Role>,
    server: Option<String>,
    kiosk_mode: Option<bool>,
}

/// The setup with nothing left open.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    /// Exists.
    pub(crate) data_dir: PathBuf,
    /// The data directory was named, so another one may run beside it.
    pub(crate) named: bool,
    pub(crate) role: Role,
    pub(crate) server: Option<String>,
    pub(crate) enroll: Option<String>,
    pub(crate) enrolment_file: Option<PathBuf>,
    pub(crate) kiosk_mode: bool,
}

/// Why the setup can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    #[error("there is no home directory; name a data directory with --data-dir")]
    NoHome,
    #[error("the data directory {path} can't be made")]
    DataDir { path: String, source: std::io::Error },
    #[error("{path} can't be read")]
    Unreadable { path: String, source: std::io::Error },
    #[error("{path} holds a setting that is not known, or a value that is none")]
    Settings { path: String, source: serde_json::Error },
}

impl Setup {
    /// Makes the data directory, and adds what its settings file says.
    pub(crate) fn settled(self) -> Result<Settled, SetupError> {
        let named = self.data_dir.is_some();
        let data_dir = self.data_dir.or_else(default_dir).ok_or(SetupError::NoHome)?;
        let wrong = |source| SetupError::DataDir { path: data_dir.display().to_string(), source };
        std::fs::create_dir_all(&data_dir).map_err(wrong)?;
        let data_dir = data_dir.canonicalize().map_err(wrong)?;
        let file = data_dir.join("settings.json");
        let path = file.display().to_string();
        let kept: Kept = match std::fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text).map_err(|source| SetupError::Settings { path, source })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Kept::default(),
            Err(source) => return Err(SetupError::Unreadable { path, source }),
        };
        Ok(Settled {
            data_dir,
            named,
            role: self.role.or(kept.role).unwrap_or_default(),
            server: self.server.or(kept.server),
            enroll: self.enroll,
            enrolment_file: self.enrolment_file,
            kiosk_mode: self.kiosk_mode.or(kept.kiosk_mode).unwrap_or(false),
        })
    }
}

/// Where applications of this system keep what is their own.
fn default_dir() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        set("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        set("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("io.millrace.kiosk"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Setup {
        Setup::try_parse_from([&["millrace-kiosk"], arguments].concat()).expect("parses")
    }

    #[test]
    fn a_flag_goes_before_the_settings_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().to_str().expect("a name");
        std::fs::write(folder.path().join("settings.json"), r#"{"role":"desk","kioskMode":true}"#).expect("writes");
        let settled = parse(&["--data-dir", dir]).settled().expect("settles");
        assert_eq!((settled.role, settled.kiosk_mode), (Role::Desk, true));
        let settled = parse(&["--data-dir", dir, "--role", "kiosk", "--kiosk-mode=false"]).settled().expect("settles");
        assert_eq!((settled.role, settled.kiosk_mode), (Role::Kiosk, false));
    }

    #[test]
    fn a_setting_that_is_not_known_is_said_and_not_overlooked() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("settings.json"), r#"{"kiosk_mode":true}"#).expect("writes");
        let setup = parse(&["--data-dir", folder.path().to_str().expect("a name")]);
        assert!(matches!(setup.settled(), Err(SetupError::Settings { .. })));
    }

    #[test]
    fn a_code_without_a_server_is_no_enrolment() {
        assert!(Setup::try_parse_from(["millrace-kiosk", "--enroll", "ABC"]).is_err());
    }
}
