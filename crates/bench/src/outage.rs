//! The server is away for minutes, and everybody taps on: is somebody closed, is something lost or doubled, and how do
//! they come back? In real time, with the engine's own pauses.

use crate::fleet::{Account, Ask, Fleets, Order, enlist};
use crate::report::{Report, Times, rounded};
use crate::server::{Launch, Server};
use crate::time::{now, pause, wall};
use anyhow::{Context, ensure};
use clap::Args;
use reqwest::Client;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the outboxes may take to drain.
const PATIENCE: Duration = Duration::from_secs(180);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(250);
/// After the return: the watch over contacts looks some more times.
const AFTER: Duration = Duration::from_secs(30);

/// How many, how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Kiosks, each with an open session, a stream and an outbox.
    #[arg(long, default_value_t = 1_000)]
    kiosks: usize,
    /// Seconds without the server.
    #[arg(long, default_value_t = 360)]
    seconds: u64,
    /// Changes of status at each kiosk meanwhile.
    #[arg(long, default_value_t = 5)]
    taps: usize,
    /// Processes that play them.
    #[arg(long, default_value_t = 1)]
    processes: usize,
    /// Seconds after the return in which nobody may be closed either.
    #[arg(long, default_value_t = AFTER.as_secs())]
    after: u64,
    /// Where the database is made; the folder of this run is removed at its end.
    #[arg(long, default_value = "target/bench")]
    data_dir: PathBuf,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    ensure!(options.kiosks > 0, "at least one kiosk");
    let data = options.data_dir.join(format!("outage-{}", std::process::id()));
    let launch = Launch { kiosks: options.kiosks, data: &data, listen: "127.0.0.1:0", history: false };
    let server = Server::launch(launch).await?;
    let members = enlist(&Client::new(), &server.ready, options.kiosks).await?;
    let address = server.ready.address().to_owned();
    let mut fleets = Fleets::open(Order { address: address.clone(), members, alive: true }, options.processes).await?;
    pause(Duration::from_secs(5)).await;
    let before = counted(&data).await?;

    server.kill().await?;
    drop(fleets.ask(Ask::Tap { times: options.taps, within_ms: options.seconds * 1_000 }).await?);
    pause(Duration::from_secs(options.seconds)).await;
    let away = fleets.ask(Ask::Tell).await?;
    let server = Server::launch(Launch { listen: &address, ..launch }).await?;
    let (ready_at, patient) = (wall(), now() + PATIENCE);
    let mut back = fleets.ask(Ask::Tell).await?;
    while now() < patient && (back.waiting > 0 || back.hearts_back.len() < options.kiosks) {
        pause(LOOK).await;
        join(&mut back, fleets.ask(Ask::Tell).await?);
    }
    let cpu = server.usage()?.cpu;
    pause(Duration::from_secs(options.after)).await;
    let after = counted(&data).await?;
    let mut tail = fleets.ask(Ask::Tell).await?;
    join(&mut tail, std::mem::take(&mut back));
    report(&options, &Outcome { before, after, away, back: tail, ready_at, cpu });
    drop(fleets);
    server.stop().await?;
    std::fs::remove_dir_all(&data)?;
    Ok(())
}

fn join(all: &mut Account, more: Account) {
    for (all, more) in [(&mut all.hearts, more.hearts), (&mut all.acts, more.acts), (&mut all.busy, more.busy)] {
        for (second, many) in more {
            *all.entry(second).or_default() += many;
        }
    }
    all.waiting = more.waiting;
    all.drained = all.drained.max(more.drained);
    all.wrong += more.wrong;
    all.first_wrong = all.first_wrong.take().or(more.first_wrong);
    all.unanswered += more.unanswered;
    all.streams_back.extend(more.streams_back);
    all.hearts_back.extend(more.hearts_back);
}

/// What the database says.
#[derive(Debug, Clone, Copy)]
struct Counted {
    events: i64,
    actions: i64,
    closed: i64,
    /// Stretches that nobody knows, and those whose time was moved by more than 2 s.
    unknown: i64,
    shifted: i64,
}

async fn counted(data: &Path) -> anyhow::Result<Counted> {
    let options = SqliteConnectOptions::new().filename(data.join("millrace.db")).read_only(true);
    let mut look = SqliteConnection::connect_with(&options).await.context("opening the database to look")?;
    let mut count =
        async |of: &'static str| -> anyhow::Result<i64> { Ok(sqlx::query_scalar(of).fetch_one(&mut look).await?) };
    Ok(Counted {
        events: count("SELECT count(*) FROM status_events").await?,
        actions: count("SELECT count(*) FROM actions").await?,
        closed: count("SELECT count(*) FROM sessions WHERE status <> 'active'").await?,
        unknown: count("SELECT count(*) FROM status_events WHERE unknown").await?,
        shifted: count("SELECT count(*) FROM status_events WHERE shifted_from IS NOT NULL").await?,
    })
}

struct Outcome {
    before: Counted,
    after: Counted,
    away: Account,
    back: Account,
    ready_at: i64,
    cpu: Duration,
}

fn report(options: &Options, outcome: &Outcome) {
    let Outcome { before, after, away, back, ready_at, cpu } = outcome;
    let tapped = i64::try_from(options.kiosks * options.taps).unwrap_or(i64::MAX);
    let since = |at: i64| Duration::from_micros(u64::try_from(at - ready_at).unwrap_or_default());
    let mut report = Report::new();
    report.figure("kiosks", "kiosks", options.kiosks, "");
    report.figure("seconds", "seconds without the server", options.seconds, "");
    report.figure("tapped", "tapped meanwhile", tapped, "");
    report.figure("closed", "sessions closed", after.closed - before.closed, "");
    report.figure("waiting", "entries that still wait", back.waiting, "");
    report.figure("lost", "taps that are not in history", tapped - (after.events - before.events), "");
    report.figure("doubled", "actions beyond those", (after.actions - before.actions) - tapped, "");
    report.figure("unknown", "stretches said to be unknown", after.unknown - before.unknown, "");
    report.figure("shifted", "taps whose time was moved", after.shifted - before.shifted, "");
    report.figure("attempts", "attempts while nobody listened", away.unanswered, "");
    report.figure("refused", "refused", back.wrong, "");
    if let Some(fault) = &back.first_wrong {
        report.figure("firstFault", "the first of them", fault.as_str(), "");
    }
    report.figure("busy", "told to come again", back.busy.values().sum::<usize>(), "");
    report.figure(
        "drainedMs",
        "ready line to the last outbox empty",
        rounded(since(back.drained).as_secs_f64() * 1e3, 0),
        "ms",
    );
    report.times(
        "heartsBack",
        "ready line to heartbeat answered",
        &Times::new(back.hearts_back.iter().map(|at| since(*at)).collect()),
    );
    report.times(
        "streamsBack",
        "ready line to stream back",
        &Times::new(back.streams_back.iter().map(|at| since(*at)).collect()),
    );
    report.figure("cpuMs", "server CPU until then", u64::try_from(cpu.as_millis()).unwrap_or(u64::MAX), "ms");
    let second = ready_at.div_euclid(1_000_000);
    by_second(&mut report, "hearts", "heartbeats by second", &back.hearts, second);
    by_second(&mut report, "acts", "actions taken by second", &back.acts, second);
    by_second(&mut report, "busySeconds", "told to come again by second", &back.busy, second);
    report.print();
}

/// How many in each second of the first minute, and the most in one.
fn by_second(report: &mut Report, key: &str, title: &str, of: &BTreeMap<i64, usize>, first: i64) {
    let last = of.keys().last().copied().unwrap_or(first).min(first + 45);
    let seconds: Vec<usize> = (first..=last).map(|second| of.get(&second).copied().unwrap_or_default()).collect();
    let most = seconds.iter().max().copied().unwrap_or_default();
    report.figure(&format!("{key}Most"), &format!("{title}, the most"), most, "");
    report.figure(key, title, seconds, "");
}
