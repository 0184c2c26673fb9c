//! `kill -9` with a crowd of boards connected: how soon is the server back, and how soon has each board everything
//! that happened before, during and since, each change once and in order.
//!
//! Kiosks go on tapping through the outage and send what was not acknowledged again, as their outboxes do. A board has
//! caught up when it has the first change that was made after the restart: it can only have that in order.

use crate::log::session_changes;
use crate::process::Process;
use crate::readers::{Comeback, Faults, Order, Question, Readers, check};
use crate::report::{Report, Times, median, rounded};
use crate::server::{Launch, Server};
use crate::taps::{self, Pace};
use crate::time::{now, pause, wall};
use anyhow::Context;
use clap::Args;
use reqwest::Client;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// How long the last events may take before they count as lost, in milliseconds.
const PATIENCE_MS: u64 = 10_000;

/// How many boards, and how they come back.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Boards on the active-sessions stream.
    #[arg(long, default_value_t = 1_000)]
    boards: usize,
    /// Kiosks, each with an open session.
    #[arg(long, default_value_t = 40)]
    kiosks: usize,
    /// Changes of status each second, before, during and after.
    #[arg(long, default_value_t = 20)]
    rate: u32,
    /// Seconds of changes before the kill, and again after it.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How often all of it is done, with fresh processes.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// When a board that has lost its stream tries again.
    #[arg(long, value_enum, default_value_t = Comeback::AtOnce)]
    comeback: Comeback,
    /// Where the databases are made; the folder of this run is removed at its end.
    #[arg(long, default_value = "target/bench")]
    data_dir: PathBuf,
}

/// What a round showed.
#[derive(Debug)]
struct Round {
    /// From the start of the new server to its ready line.
    ready: Duration,
    faults: Faults,
    /// From the ready line until a board was connected, and until it had caught up.
    back: Vec<Duration>,
    caught_up: Vec<Duration>,
    /// From the kill until then.
    dark: Vec<Duration>,
    never: usize,
    anew: usize,
    refused: usize,
    /// The thin server, killed likewise: from its word that it listens until a reader was connected.
    thin_back: Vec<Duration>,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let folder = options.data_dir.join(format!("reconnect-{}", std::process::id()));
    let mut rounds = Vec::new();
    for round in 0..options.rounds {
        let data = folder.join(round.to_string());
        std::fs::create_dir_all(&data)?;
        let mut seen = one(&options, &data).await.context("Millrace")?;
        seen.thin_back = thin(&options).await.context("the thin server")?;
        rounds.push(seen);
    }
    std::fs::remove_dir_all(&folder)?;
    report(&options, &rounds);
    Ok(())
}

async fn one(options: &Options, data: &Path) -> anyhow::Result<Round> {
    let launch = Launch { kiosks: options.kiosks, data, listen: "127.0.0.1:0", history: false };
    let server = Server::launch(launch).await?;
    let http = Client::new();
    let token = taps::log_in(&http, &server.ready).await?;
    let crew = taps::crew(&http, &server.ready, options.kiosks).await?;
    let address = server.ready.address().to_owned();
    let mut readers = Readers::open(&Order {
        address: address.clone(),
        path: "/api/admin/dashboard/active-sessions/stream".to_owned(),
        token,
        readers: options.boards,
        comeback: options.comeback,
    })
    .await?;

    let length = Duration::from_secs(options.seconds);
    let pace = Pace { rate: options.rate, length: length * 2, for_certain: true };
    let last = crew.first().context("a kiosk")?.clone();
    let tapping = tokio::spawn(async move { taps::taps(&crew, pace, now()).await });
    pause(length).await;
    let killed = wall();
    server.kill().await?;
    let server = Server::launch(Launch { listen: &address, ..launch }).await?;
    let ready_at = wall();
    let before = session_changes(data, 0).await?.last().map_or(0, |change| change.offset);
    tapping.await??;
    // A server that took long to start may have had all of them already.
    last.lock().await.change_for_certain().await?;

    let changes: Vec<u64> = session_changes(data, 0).await?.iter().map(|change| change.offset).collect();
    let first = changes.iter().copied().find(|offset| *offset > before).context("a change after the restart")?;
    let upto = changes.last().copied().unwrap_or_default();
    let account = readers.ask(Question { upto, patience_ms: PATIENCE_MS, reached: first, sampled: 0 }).await?;
    let since = |from: i64| move |at: &i64| Duration::from_micros(u64::try_from(at - from).unwrap_or_default());
    let round = Round {
        ready: server.ready_after,
        faults: check(&changes, &account.walks),
        back: account.back.iter().map(since(ready_at)).collect(),
        caught_up: account.reached.iter().map(since(ready_at)).collect(),
        dark: account.reached.iter().map(since(killed)).collect(),
        never: options.boards - account.reached.len(),
        anew: account.anew,
        refused: account.refused,
        thin_back: Vec::new(),
    };
    server.stop().await?;
    Ok(round)
}

/// The thin server has nothing to remember and nothing to catch up with: what connecting alone takes here.
async fn thin(options: &Options) -> anyhow::Result<Vec<Duration>> {
    let start = async |listen: &str| {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["thin", "--listen", listen]);
        let mut process = Process::start(command)?;
        let address = process.line().await?;
        anyhow::Ok((process, address))
    };
    let (process, address) = start("127.0.0.1:0").await?;
    let order = Order {
        address: address.clone(),
        path: "/".to_owned(),
        token: String::new(),
        readers: options.boards,
        comeback: options.comeback,
    };
    let mut readers = Readers::open(&order).await?;
    process.kill().await?;
    let (process, _) = start(&address).await?;
    let ready_at = wall();
    // All of them have come back long before; nothing is posted, so that there is no offset to wait for.
    pause(Duration::from_secs(options.seconds.max(3))).await;
    let account = readers.ask(Question { upto: 0, patience_ms: 0, reached: 0, sampled: 0 }).await?;
    process.kill().await?;
    Ok(account.back.iter().map(|at| Duration::from_micros(u64::try_from(at - ready_at).unwrap_or_default())).collect())
}

fn report(options: &Options, rounds: &[Round]) {
    let mut report = Report::new();
    let all = |of: fn(&Round) -> &Vec<Duration>| Times::new(rounds.iter().flat_map(of).copied().collect());
    let sum = |of: fn(&Round) -> usize| rounds.iter().map(of).sum::<usize>();
    report.figure("boards", "boards", options.boards, "");
    report.figure("rounds", "rounds", options.rounds, "");
    let comeback = match options.comeback {
        Comeback::AtOnce => "at once, and again every 20 ms",
        Comeback::AsClients => "after 1 to 2 s, as Millrace's clients do",
    };
    report.figure("comeback", "a board that lost its stream tries again", comeback, "");
    report.figure("delivered", "events delivered", sum(|round| round.faults.delivered), "");
    report.figure("lost", "lost", sum(|round| round.faults.lost), "");
    report.figure("astray", "twice or out of order", sum(|round| round.faults.astray), "");
    report.figure("never", "boards that never caught up", sum(|round| round.never), "");
    report.figure("anew", "got a snapshot in place of what they missed", sum(|round| round.anew), "");
    report.figure("refused", "attempts while nobody listened", sum(|round| round.refused), "");
    report.times("ready", "start to ready line", &Times::new(rounds.iter().map(|round| round.ready).collect()));
    report.times("back", "ready line to board connected", &all(|round| &round.back));
    report.times("thinBack", "the same, thin server", &all(|round| &round.thin_back));
    report.times("caughtUp", "ready line to board caught up", &all(|round| &round.caught_up));
    report.times("dark", "kill to board caught up", &all(|round| &round.dark));
    let last = rounds.iter().map(|round| Times::of(&round.caught_up).percentile(100)).collect();
    report.figure("lastMs", "ready line to the last board, middle round", rounded(median(last), 1), "ms");
    report.print();
}
