//! What the commands do. The server itself is in [`crate::run`].

mod enroll;
mod user;
mod version;

use crate::cli::{Cli, Command, ConfigCommand, UserCommand};
use crate::config::{self, Config};
use crate::folder::{self, Folder};
use crate::run::{self, Kind};
use crate::{database, logging};
use anyhow::Context;
use millrace_domain::{SystemChance, SystemClock};
use millrace_sqlite::Sqlite;
use std::future::Future;
use std::sync::Arc;

/// Does what the command line asks for.
///
/// # Errors
/// When it can't be done; the text is for the person at the terminal.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    let load = || config::load(cli.common.config.as_deref(), &cli.common.flags).context("configuration");
    match cli.command {
        Command::Version(wanted) => version::print(&wanted),
        Command::Config(ConfigCommand::Check) => check(&load()?),
        Command::Serve(serve) => start(load()?, |config| run::run(config, Kind::Plain(serve))),
        Command::Demo(demo) => start(load()?, |config| run::run(config, Kind::Demo(demo))),
        Command::Migrate => start(load()?, migrate),
        Command::User(UserCommand::Add(wanted)) => start(load()?, |config| user::add(config, wanted)),
        Command::Enroll(wanted) => start(load()?, |config| enroll::enroll(config, wanted)),
    }
}

/// Starts logging and the runtime, and runs one command on it.
fn start<F: Future<Output = anyhow::Result<()>>>(
    config: Config,
    command: impl FnOnce(Config) -> F,
) -> anyhow::Result<()> {
    logging::start(&config)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime could not be started")?;
    runtime.block_on(async { Box::pin(command(config)).await })
}

/// Prints what is in force.
fn check(config: &Config) -> anyhow::Result<()> {
    database::file(config.database_url.as_deref(), &config.data_dir)?;
    Ok(crate::say(&serde_json::to_string_pretty(config)?)?)
}

/// Brings the database up to date, with no server beside it.
async fn migrate(config: Config) -> anyhow::Result<()> {
    let _held = Folder::take(&config.data_dir)?;
    let sqlite = open(&config).await?;
    sqlite.close().await;
    let path = database::file(config.database_url.as_deref(), &config.data_dir)?;
    Ok(crate::say(&format!("{} is up to date", path.display()))?)
}

/// The database, for a command that may run beside a server.
async fn open(config: &Config) -> anyhow::Result<Sqlite> {
    folder::make(&config.data_dir)
        .with_context(|| format!("the data directory {} can't be used", config.data_dir.display()))?;
    let path = database::file(config.database_url.as_deref(), &config.data_dir)?;
    let (clock, chance) = (Arc::new(SystemClock::new()), Arc::new(SystemChance));
    let (sqlite, _no_listener) = database::open(&path, config.policy.clone(), clock, chance).await?;
    Ok(sqlite)
}
