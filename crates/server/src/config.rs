//! The configuration: typed, with its defaults in code.
//!
//! A flag beats the environment, the environment beats the file, the file beats the defaults. A key
//! that nobody knows is refused wherever it stands: a misspelt limit that silently keeps its default
//! is found in the week it was needed.

use clap::Args;
use figment::Figment;
use figment::error::Kind;
use figment::providers::{Env, Format, Serialized, Toml};
use millrace_api::Settings;
use millrace_api::stream::StreamSettings;
use millrace_domain::Policy;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// Names beginning with `MILLRACE_` that belong to the kiosk, to tools and to scripts, not to the server.
const NOT_OURS: [&str; 6] = ["config", "port", "url", "kiosk_", "sqlite_", "test_"];

/// Bytes in a megabyte.
pub const MEGABYTE: usize = 1_024 * 1_024;

/// The least number of changes that is kept: what a server begins with in memory.
const LEAST_KEPT: u64 = 1_000;

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where requests are taken; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Where everything is kept that the server writes.
    pub data_dir: PathBuf,
    /// `sqlite:PATH`; under the data directory where absent.
    pub database_url: Option<String>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Which log lines are written: a level, or directives such as `info,millrace_api=debug`.
    pub log_level: String,
    /// The page is reached over TLS, by a proxy in front: cookies are then for TLS only.
    pub secure_cookies: bool,
    /// How many worker actions are taken at once; who comes beyond them is told to come again.
    pub actions_at_once: usize,
    /// The plant's limits.
    pub policy: Policy,
    /// Limits of the streams.
    pub streams: Streams,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object per line.
    Json,
}

/// Limits of the streams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Streams {
    /// How many streams may be open in all.
    pub most: usize,
    /// How many of them by one user, under one login, or by one kiosk.
    pub most_per_holder: usize,
    /// How many megabytes of ready events all streams together keep in memory; who is further behind reads the log.
    pub kept_mb: usize,
    /// For how many hours a change is kept in the log, so that who was away gets exactly what he missed.
    pub keep_hours: u64,
    /// How many of the newest changes are kept at most.
    pub keep_rows: u64,
}

impl Default for Streams {
    fn default() -> Self {
        let usual = StreamSettings::default();
        Self {
            most: usual.most,
            most_per_holder: usual.most_per_holder,
            kept_mb: usual.kept_bytes / MEGABYTE,
            keep_hours: usual.keep.as_secs() / 3600,
            keep_rows: usual.keep_rows,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7420),
            data_dir: default_data_dir(|name| std::env::var_os(name).map(PathBuf::from)),
            database_url: None,
            log_format: LogFormat::Text,
            log_level: "info".to_owned(),
            secure_cookies: false,
            actions_at_once: Settings::default().actions_at_once,
            policy: Policy::default(),
            streams: Streams::default(),
        }
    }
}

/// Settings as flags. Each is a text here: one place says what is wrong with a value, wherever it came from.
#[derive(Debug, Clone, Default, Args, Serialize)]
pub struct Flags {
    /// Where requests are taken [default: 127.0.0.1:7420]; port 0 takes any that is free.
    #[arg(long, value_name = "ADDRESS", global = true, help_heading = "Settings")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// Where everything is kept that the server writes.
    #[arg(long, value_name = "DIR", global = true, help_heading = "Settings")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// sqlite:PATH [default: millrace.db in the data directory].
    #[arg(long, value_name = "URL", global = true, help_heading = "Settings")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// text or json [default: text].
    #[arg(long, value_name = "FORMAT", global = true, help_heading = "Settings")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<String>,
    /// A level, or directives such as info,millrace_api=debug [default: info].
    #[arg(long, value_name = "LEVEL", global = true, help_heading = "Settings")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_level: Option<String>,
}

/// Why there is no configuration. The text is one line and says where to look.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named is not there.
    #[error("there is no file {}; name another with --config", .0.display())]
    NoFile(PathBuf),
    /// Something in it is wrong.
    #[error("{0}")]
    Wrong(String),
}

/// Reads the configuration: flags over environment over file over defaults.
///
/// # Errors
/// [`ConfigError`], naming the key and the place it stands in.
pub fn load(file: Option<&Path>, flags: &Flags) -> Result<Config, ConfigError> {
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(file) = file {
        if !file.is_file() {
            return Err(ConfigError::NoFile(file.to_owned()));
        }
        figment = figment.merge(Toml::file_exact(file));
    }
    let figment = figment.merge(environment()).merge(Serialized::globals(flags));
    let config: Config = figment.extract().map_err(|error| ConfigError::Wrong(said(&error)))?;
    check(&config)?;
    Ok(config)
}

/// `MILLRACE_POLICY_IDLE_MS` is `policy.idle_ms`; every other name is a key of the top.
fn environment() -> Env {
    Env::prefixed("MILLRACE_")
        .filter(|key| {
            let key = key.as_str().to_ascii_lowercase();
            !NOT_OURS.iter().any(|other| if other.ends_with('_') { key.starts_with(other) } else { key == *other })
        })
        .map(|key| {
            let key = key.as_str().to_ascii_lowercase();
            for section in ["policy", "streams"] {
                if let Some(rest) = key.strip_prefix(section).and_then(|rest| rest.strip_prefix('_')) {
                    return format!("{section}.{rest}").into();
                }
            }
            key.into()
        })
}

/// What no type says.
fn check(config: &Config) -> Result<(), ConfigError> {
    let policy = &config.policy;
    if !(policy.heartbeat_ms < policy.stale_ms && policy.stale_ms < policy.lost_ms && policy.lost_ms < policy.idle_ms) {
        return Err(ConfigError::Wrong(
            "policy: heartbeat_ms, stale_ms, lost_ms and idle_ms must each be greater than the one before".to_owned(),
        ));
    }
    for (name, value) in [
        ("heartbeat_ms", policy.heartbeat_ms),
        ("sign_in_ms", policy.sign_in_ms),
        ("login_ms", policy.login_ms),
        ("enrolment_ms", policy.enrolment_ms),
        ("sessions_per_worker", policy.sessions_per_worker.into()),
    ] {
        if value == 0 {
            return Err(ConfigError::Wrong(format!("policy.{name} is 0; it has to be at least 1")));
        }
    }
    if config.actions_at_once == 0 {
        return Err(ConfigError::Wrong("actions_at_once is 0; it has to be at least 1".to_owned()));
    }
    let Streams { most, most_per_holder, kept_mb, .. } = config.streams;
    for (name, value) in [("most", most), ("most_per_holder", most_per_holder), ("kept_mb", kept_mb)] {
        if value == 0 {
            return Err(ConfigError::Wrong(format!("streams.{name} is 0; it has to be at least 1")));
        }
    }
    if config.streams.keep_hours == 0 || config.streams.keep_rows < LEAST_KEPT {
        return Err(ConfigError::Wrong(format!(
            "streams: keep_hours has to be at least 1 and keep_rows at least {LEAST_KEPT}, or a board that blinks starts anew"
        )));
    }
    Ok(())
}

/// One line: what is wrong with which key, and where it stands.
fn said(error: &figment::Error) -> String {
    let whole: Vec<String> = error
        .clone()
        .into_iter()
        .map(|error| {
            let mut path = error.path.clone();
            let what = match &error.kind {
                Kind::UnknownField(field, known) => {
                    path.retain(|part| part != field);
                    let at = if path.is_empty() { String::new() } else { format!(" under {}", path.join(".")) };
                    path.clear();
                    format!("nothing is called `{field}`{at}; known are {}", known.join(", "))
                }
                kind @ (Kind::Message(_)
                | Kind::InvalidType(..)
                | Kind::InvalidValue(..)
                | Kind::InvalidLength(..)
                | Kind::UnknownVariant(..)
                | Kind::MissingField(_)
                | Kind::DuplicateField(_)
                | Kind::ISizeOutOfRange(_)
                | Kind::USizeOutOfRange(_)
                | Kind::Unsupported(_)
                | Kind::UnsupportedKey(..)) => kind.to_string(),
            };
            let key = if path.is_empty() { String::new() } else { format!("{}: ", path.join(".")) };
            format!("{key}{what}{}", place(&error))
        })
        .collect();
    whole.join("; ")
}

/// Where a value came from, in words.
fn place(error: &figment::Error) -> String {
    let Some(metadata) = &error.metadata else { return String::new() };
    if let Some(path) = metadata.source.as_ref().and_then(figment::Source::file_path) {
        return format!(" (in {})", path.display());
    }
    if metadata.name.contains("environment") {
        return " (in the environment, MILLRACE_…)".to_owned();
    }
    if metadata.name.contains("Flags") { " (given as a flag)".to_owned() } else { String::new() }
}

/// systemd's state directory, else the user's data directory, else a folder here.
fn default_data_dir(variable: impl Fn(&str) -> Option<PathBuf>) -> PathBuf {
    variable("STATE_DIRECTORY")
        .or_else(|| variable("XDG_DATA_HOME").map(|home| home.join("millrace-server")))
        .or_else(|| variable("HOME").map(|home| home.join(".local/share/millrace-server")))
        .unwrap_or_else(|| PathBuf::from("millrace-data"))
}

#[cfg(test)]
#[expect(clippy::result_large_err, reason = "figment's Jail hands its own error type to the closure")]
mod tests {
    use super::*;
    use figment::Jail;

    fn flags(listen: Option<&str>) -> Flags {
        Flags { listen: listen.map(str::to_owned), ..Flags::default() }
    }

    fn port(file: Option<&str>, flags: &Flags) -> u16 {
        load(file.map(Path::new), flags).expect("loads").listen.port()
    }

    #[test]
    fn a_flag_beats_the_environment_beats_the_file_beats_the_default() {
        Jail::expect_with(|jail| {
            jail.clear_env();
            jail.create_file("server.toml", "listen = \"127.0.0.1:1\"")?;
            assert_eq!(port(None, &flags(None)), 7420);
            assert_eq!(port(Some("server.toml"), &flags(None)), 1);
            jail.set_env("MILLRACE_LISTEN", "127.0.0.1:2");
            assert_eq!(port(Some("server.toml"), &flags(None)), 2);
            assert_eq!(port(Some("server.toml"), &flags(Some("127.0.0.1:3"))), 3);
            Ok(())
        });
    }

    #[test]
    fn limits_of_the_plant_come_from_file_and_environment_singly() {
        Jail::expect_with(|jail| {
            jail.clear_env();
            jail.create_file("server.toml", "[policy]\nlost_ms = 90000\nsessions_per_worker = 3")?;
            jail.set_env("MILLRACE_POLICY_IDLE_MS", "400000");
            let config = load(Some(Path::new("server.toml")), &Flags::default()).expect("loads");
            let expected = Policy { lost_ms: 90_000, sessions_per_worker: 3, idle_ms: 400_000, ..Policy::default() };
            assert_eq!(config.policy, expected);
            Ok(())
        });
    }

    #[test]
    fn what_nobody_knows_is_refused_with_its_place() {
        Jail::expect_with(|jail| {
            jail.clear_env();
            jail.create_file("server.toml", "lisen = \"127.0.0.1:1\"")?;
            let error = load(Some(Path::new("server.toml")), &Flags::default()).expect_err("refused").to_string();
            assert!(error.contains("`lisen`") && error.contains("server.toml"), "{error}");
            jail.create_file("server.toml", "[policy]\nidle = 5")?;
            let error = load(Some(Path::new("server.toml")), &Flags::default()).expect_err("refused").to_string();
            assert!(error.contains("`idle` under policy") && error.contains("idle_ms"), "{error}");
            jail.set_env("MILLRACE_DATADIR", "/x");
            let error = load(None, &Flags::default()).expect_err("refused").to_string();
            assert!(error.contains("`datadir`") && error.contains("environment"), "{error}");
            Ok(())
        });
    }

    #[test]
    fn what_belongs_to_the_kiosk_and_to_scripts_is_none_of_ours() {
        Jail::expect_with(|jail| {
            jail.clear_env();
            for name in ["MILLRACE_PORT", "MILLRACE_KIOSK_DATABASE_URL", "MILLRACE_CONFIG", "MILLRACE_URL"] {
                jail.set_env(name, "x");
            }
            load(None, &Flags::default()).expect("loads");
            Ok(())
        });
    }

    #[test]
    fn a_value_of_the_wrong_kind_names_its_key() {
        Jail::expect_with(|jail| {
            jail.clear_env();
            let error = load(None, &flags(Some("everywhere"))).expect_err("refused").to_string();
            assert!(error.starts_with("listen: "), "{error}");
            let error = load(Some(Path::new("absent.toml")), &Flags::default()).expect_err("refused").to_string();
            assert!(error.contains("absent.toml"), "{error}");
            Ok(())
        });
    }

    #[test]
    fn limits_that_contradict_each_other_are_refused() {
        Jail::expect_with(|jail| {
            jail.clear_env();
            jail.set_env("MILLRACE_POLICY_IDLE_MS", "1000");
            let error = load(None, &Flags::default()).expect_err("refused").to_string();
            assert!(error.contains("greater than the one before"), "{error}");
            jail.clear_env();
            for name in ["most", "most_per_holder", "kept_mb"] {
                jail.create_file("server.toml", &format!("[streams]\n{name} = 0"))?;
                let error = load(Some(Path::new("server.toml")), &Flags::default()).expect_err("refused").to_string();
                assert_eq!(error, format!("streams.{name} is 0; it has to be at least 1"));
            }
            Ok(())
        });
    }

    #[test]
    fn the_data_directory_is_where_the_system_says() {
        let only = |wanted: &'static str| move |name: &str| (name == wanted).then(|| PathBuf::from("/base"));
        assert_eq!(default_data_dir(only("STATE_DIRECTORY")), PathBuf::from("/base"));
        assert_eq!(default_data_dir(only("XDG_DATA_HOME")), PathBuf::from("/base/millrace-server"));
        assert_eq!(default_data_dir(only("HOME")), PathBuf::from("/base/.local/share/millrace-server"));
        assert_eq!(default_data_dir(|_| None), PathBuf::from("millrace-data"));
    }
}
