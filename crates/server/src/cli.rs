//! The command line, as clap reads it. What it means is in [`crate::command`].

use crate::config::Flags;
use clap::{Args, Parser, Subcommand, ValueEnum};
use millrace_protocol::access::Role;
use std::path::PathBuf;

/// The Millrace server: kiosks report to it, boards read from it.
///
/// Settings come from flags, then the environment, then the file, then the defaults: the first that
/// says something wins. `--data-dir` is MILLRACE_DATA_DIR in the environment and `data_dir` in the
/// file; limits of the plant are MILLRACE_POLICY_IDLE_MS, or `idle_ms` under `[policy]`.
#[derive(Debug, Parser)]
#[command(name = "millrace-server", version, propagate_version = false, arg_required_else_help = true)]
pub struct Cli {
    /// What every command understands.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the settings come from.
#[derive(Debug, Args)]
pub struct Common {
    /// A TOML file with settings.
    #[arg(long, value_name = "FILE", global = true, env = "MILLRACE_CONFIG")]
    pub config: Option<PathBuf>,
    /// Settings given as flags.
    #[command(flatten)]
    pub flags: Flags,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs the server until SIGTERM or Ctrl-C.
    Serve(Serve),
    /// Runs the server with a demo floor, made at the first start and kept.
    Demo(Demo),
    /// Prints the version.
    Version(Version),
    /// Looks at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Brings the database to this program's version.
    Migrate,
    /// People with a login.
    #[command(subcommand)]
    User(UserCommand),
    /// Makes a one-time code that turns a device into a kiosk.
    Enroll(Enroll),
}

/// `serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// For tests: the clock is driven by lines on stdin.
    #[arg(long, hide = true)]
    pub test_clock: bool,
}

/// `demo`
#[derive(Debug, Args)]
pub struct Demo {
    /// How many kiosks are enrolled; beyond the demo's own, as many stations and workers are added. One station has
    /// no kiosk of its own, and checklists.
    #[arg(long, value_name = "N", default_value_t = 23, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub kiosks: u32,
    /// Plays the floor through the HTTP interface; four stations and four workers are left alone.
    #[arg(long)]
    pub alive: bool,
    /// What happened before the first start. A later one changes nothing about it.
    #[arg(long, value_enum, default_value_t = PastOf::Weeks)]
    pub history: PastOf,
    /// For tests: the clock is driven by lines on stdin.
    #[arg(long, hide = true)]
    pub test_clock: bool,
}

/// How far back a demo floor remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PastOf {
    /// Not at all: nobody has worked there yet.
    None,
    /// Three weeks, up to the beginning of the day.
    Weeks,
}

/// `version`
#[derive(Debug, Args)]
pub struct Version {
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}

/// `config …`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Reads the configuration as `serve` would, prints what is in force, and starts nothing.
    Check,
}

/// `user …`
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Adds a person. The password is read from stdin; at a terminal one is made and shown once.
    Add(UserAdd),
}

/// `user add`
#[derive(Debug, Args)]
pub struct UserAdd {
    /// What the person logs in with.
    #[arg(value_name = "USERNAME")]
    pub username: String,
    /// What the person may do.
    #[arg(long, value_enum, default_value_t = RoleName::Supervisor)]
    pub role: RoleName,
    /// The person's name; the user name where left out.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
}

/// A role, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// Sees the floor and acts on it.
    Supervisor,
    /// Manages everything besides.
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Admin => Self::Admin,
        }
    }
}

/// `enroll`
#[derive(Debug, Args)]
pub struct Enroll {
    /// What the kiosk is to be called.
    #[arg(long, value_name = "KIOSK")]
    pub name: String,
    /// The code of the station it stands at: a preset, not a right.
    #[arg(long, value_name = "CODE")]
    pub station: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn settings_may_stand_after_the_command() {
        let cli =
            Cli::try_parse_from(["millrace-server", "demo", "--listen", "127.0.0.1:0", "--data-dir", "x", "--alive"])
                .expect("reads");
        assert_eq!(cli.common.flags.listen.as_deref(), Some("127.0.0.1:0"));
        assert!(matches!(cli.command, Command::Demo(Demo { alive: true, kiosks: 23, history: PastOf::Weeks, .. })));
    }

    #[test]
    fn wrong_usage_is_told_from_failure() {
        let error = Cli::try_parse_from(["millrace-server", "demo", "--kiosks", "0"]).expect_err("refused");
        assert_eq!(error.exit_code(), 2);
    }
}
