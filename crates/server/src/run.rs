//! Running a server: folder, port, database, ready line, and an end in good order.

use crate::config::{Config, MEGABYTE};
use crate::demo::{self, Floor, Wish};
use crate::folder::Folder;
use crate::ready::Ready;
use crate::{alive, cli, database, test_clock};
use anyhow::{Context, bail};
use millrace_api::listener::Accepting;
use millrace_api::stream::StreamSettings;
use millrace_api::{Parts, Settings};
use millrace_domain::{Chance, Clock, DrivenClock, SystemChance, SystemClock};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How long the end may take, once the interface has said goodbye to everybody. With the interface's own bounds this
/// keeps the promise of 2 s; what is cut off here was not acknowledged.
const CLOSING: Duration = Duration::from_millis(400);

/// What is to be run.
#[derive(Debug)]
pub enum Kind {
    /// A floor of the plant's own.
    Plain(cli::Serve),
    /// The demo floor.
    Demo(cli::Demo),
}

impl Kind {
    fn test_clock(&self) -> bool {
        match self {
            Self::Plain(serve) => serve.test_clock,
            Self::Demo(demo) => demo.test_clock,
        }
    }
}

/// Runs a server until SIGTERM or SIGINT.
///
/// # Errors
/// When it can't start (the text says what to do), or ends by itself.
pub async fn run(config: Config, kind: Kind) -> anyhow::Result<()> {
    let database = database::file(config.database_url.as_deref(), &config.data_dir)?;
    let clock = clock(&config, kind.test_clock())?;
    let chance: Arc<dyn Chance> = Arc::new(SystemChance);
    let folder = Folder::take(&config.data_dir)?;
    // Before the database: on a port that is taken nothing may have been changed.
    let listener = listen(config.listen, clock.clone())?;
    let url = url(listener.address()?);
    let shutdown = CancellationToken::new();
    end_on_signal(&shutdown)?;

    let (sqlite, commits) = database::open(&database, config.policy.clone(), clock.clone(), chance.clone()).await?;
    let floor = match &kind {
        Kind::Plain(_) => None,
        Kind::Demo(wanted) => {
            let wish = Wish { kiosks: usize::try_from(wanted.kiosks)?, history: wanted.history == cli::PastOf::Weeks };
            Some(demo::furnish(&sqlite, folder.path(), wish, clock.as_ref(), chance.as_ref()).await?)
        }
    };
    let parts = Parts {
        storage: Arc::new(sqlite.clone()),
        commits,
        clock: clock.clone(),
        chance,
        settings: settings(&config, &kind),
        shutdown: shutdown.clone(),
    };
    let serving = tokio::spawn(millrace_api::serve(listener, parts));
    let players = floor.as_ref().and_then(|floor| play(&kind, floor, &url, &clock, &shutdown));
    ready(url, floor.as_ref(), players.is_some()).say()?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), listen = %config.listen, "ready");

    let served = serving.await;
    shutdown.cancel();
    let closing = async {
        if let Some(players) = players {
            // Its panic, if any, was logged where it happened; the end goes on.
            drop(players.await);
        }
        sqlite.close().await;
    };
    if tokio::time::timeout(CLOSING, closing).await.is_err() {
        tracing::warn!("the end took too long; what was acknowledged is on disk all the same");
    }
    served.context("the interface ended by itself")?.context("the interface could not be served")
}

/// How many streams a demo allows at least, in all and to one user: load is driven from outside under a single login.
const DEMO_STREAMS: usize = 20_000;

fn settings(config: &Config, kind: &Kind) -> Settings {
    let least = if matches!(kind, Kind::Demo(_)) { DEMO_STREAMS } else { 0 };
    let streams = StreamSettings {
        most: config.streams.most.max(least),
        most_per_holder: config.streams.most_per_holder.max(least),
        kept_bytes: config.streams.kept_mb.saturating_mul(MEGABYTE),
        keep: Duration::from_secs(config.streams.keep_hours.saturating_mul(3600)),
        keep_rows: config.streams.keep_rows,
        ..StreamSettings::default()
    };
    Settings {
        policy: config.policy.clone(),
        streams,
        secure_cookies: config.secure_cookies,
        actions_at_once: config.actions_at_once,
    }
}

fn ready(url: String, floor: Option<&Floor>, alive: bool) -> Ready {
    match floor {
        Some(floor) => Ready::demo(url, floor, alive),
        None => Ready::plain(url),
    }
}

/// Starts the players of a living floor.
fn play(
    kind: &Kind,
    floor: &Floor,
    url: &str,
    clock: &Arc<dyn Clock>,
    shutdown: &CancellationToken,
) -> Option<tokio::task::JoinHandle<()>> {
    let Kind::Demo(cli::Demo { alive: true, .. }) = kind else { return None };
    let cast = alive::Cast::of(floor);
    Some(tokio::spawn(alive::play(url.to_owned(), cast, clock.clone(), shutdown.clone())))
}

/// The clock of the machine, or the one that tests drive.
fn clock(config: &Config, test_clock: bool) -> anyhow::Result<Arc<dyn Clock>> {
    if !test_clock {
        return Ok(Arc::new(SystemClock::new()));
    }
    if !config.listen.ip().is_loopback() {
        bail!("--test-clock is for tests: it needs a --listen address on loopback, such as 127.0.0.1:0");
    }
    let clock = Arc::new(DrivenClock::new());
    test_clock::obey(clock.clone());
    Ok(clock)
}

fn listen(address: SocketAddr, clock: Arc<dyn Clock>) -> anyhow::Result<Accepting> {
    Accepting::bind(address, clock).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "the address {address} is taken by another program; end that one, or choose another --listen address"
        ),
        std::io::ErrorKind::PermissionDenied => anyhow::anyhow!(
            "this user may not listen on {address}; choose a --listen port from 1024 on, or give the right to it"
        ),
        _ => anyhow::anyhow!("can't listen on {address} ({error}); choose another --listen address"),
    })
}

/// An address that can be called from this machine.
fn url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// SIGTERM and SIGINT end the server in good order; a second one changes nothing, the end is bounded anyway.
fn end_on_signal(shutdown: &CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM can't be watched")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT can't be watched")?;
    let shutdown = shutdown.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!(signal = "SIGTERM", "ending"),
            _ = interrupt.recv() => tracing::info!(signal = "SIGINT", "ending"),
        }
        shutdown.cancel();
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[test]
    fn the_url_can_be_called_from_here() {
        let at = |text: &str| url(text.parse().expect("an address"));
        assert_eq!(at("0.0.0.0:80"), "http://127.0.0.1:80");
        assert_eq!(at("[::]:80"), "http://127.0.0.1:80");
        assert_eq!(at("[::1]:80"), "http://[::1]:80");
    }

    #[test]
    fn a_plant_lets_one_user_have_hundreds_of_streams_and_a_demo_thousands() {
        let serve = Kind::Plain(cli::Serve { test_clock: false });
        let demo = cli::Cli::try_parse_from(["millrace-server", "demo"]).expect("reads");
        let cli::Command::Demo(demo) = demo.command else { unreachable!("a demo") };
        let of = |kind: &Kind| {
            let streams = settings(&Config::default(), kind).streams;
            (streams.most_per_holder, streams.most)
        };
        assert_eq!(of(&serve), (200, 20_000));
        assert_eq!(of(&Kind::Demo(demo)), (20_000, 20_000));
    }

    #[tokio::test]
    async fn a_taken_port_is_said_plainly() {
        let clock = || Arc::new(SystemClock::new());
        let first = listen("127.0.0.1:0".parse().expect("an address"), clock()).expect("listens");
        let error = listen(first.address().expect("bound"), clock()).expect_err("taken").to_string();
        assert!(error.contains("is taken") && error.contains("--listen"), "{error}");
    }

    #[test]
    fn the_test_clock_is_for_loopback_only() {
        let open = Config { listen: "0.0.0.0:0".parse().expect("an address"), ..Config::default() };
        assert!(clock(&open, true).expect_err("refused").to_string().contains("loopback"));
        assert!(clock(&open, false).is_ok());
    }
}
