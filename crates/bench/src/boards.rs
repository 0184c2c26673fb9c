//! Many boards on the active-sessions stream: nothing lost, how fast, and what a delivery and a stream cost; beside
//! the thinnest server on the same HTTP library that hands out the same bytes.
//!
//! Rounds alternate between the two, each with fresh processes. What a change costs without a crowd is measured
//! first and taken off, so that a delivery is told from what is done once per change (parsing, rules, commit).

use crate::log::session_changes;
use crate::probe::Probe;
use crate::process::{Process, Usage};
use crate::readers::{Account, Comeback, Faults, Order, Question, Readers, check};
use crate::report::{Report, Times, median, rounded};
use crate::server::{Launch, Server};
use crate::taps::{self, Pace, Taps};
use crate::time::{now, pause, until, wall};
use anyhow::Context;
use clap::Args;
use reqwest::Client;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// The stream.
const BOARD: &str = "/api/admin/dashboard/active-sessions/stream";
/// How long the last events may take before they count as lost, in milliseconds.
const PATIENCE_MS: u64 = 5_000;
/// Between two flushes of the disk.
const FLUSH: Duration = Duration::from_millis(200);
/// After this long streams on which nothing happens are at rest.
const REST: Duration = Duration::from_secs(2);
/// Of how many boards every arrival is timed.
const SAMPLED: usize = 50;

/// How many boards, and how fast the floor changes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Boards on the active-sessions stream.
    #[arg(long, default_value_t = 1_000)]
    boards: usize,
    /// Kiosks, each with an open session.
    #[arg(long, default_value_t = 40)]
    kiosks: usize,
    /// Changes of status each second, spread over the kiosks.
    #[arg(long, default_value_t = 20)]
    rate: u32,
    /// Seconds of each round.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Rounds of Millrace and of the thin server.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Where the databases are made; the folder of this run is removed at its end.
    #[arg(long, default_value = "target/bench")]
    data_dir: PathBuf,
}

/// What a round with one server showed.
#[derive(Debug, Default)]
struct Round {
    faults: Faults,
    to_board: Vec<Duration>,
    answered: Vec<Duration>,
    flushes: Vec<Duration>,
    open_ms: f64,
    /// CPU of the server per event handed to a board, in microseconds: all of it, and without what is done once.
    cpu_us: f64,
    cpu_alone_us: f64,
    cpu_marginal_us: f64,
    /// KiB per stream: at rest, and after the events.
    idle_kib: f64,
    after_kib: f64,
    example: String,
}

/// CPU and memory of one round's server.
#[derive(Debug)]
struct Costs {
    /// One board: CPU of all changes, and how many.
    alone: (Duration, usize),
    /// All boards: CPU of all changes, and how many.
    crowd: (Duration, usize),
    /// Before the crowd, at rest with it, and at the end.
    resident: [u64; 3],
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let folder = options.data_dir.join(format!("boards-{}", std::process::id()));
    let (mut ours, mut thins) = (Vec::new(), Vec::new());
    for round in 0..options.rounds {
        let data = folder.join(round.to_string());
        std::fs::create_dir_all(&data)?;
        let our = millrace(&options, &data).await.context("Millrace")?;
        thins.push(thin(&options, &our.example).await.context("the thin server")?);
        ours.push(our);
    }
    std::fs::remove_dir_all(&folder)?;
    report(&options, &ours, &thins);
    Ok(())
}

/// How the taps of a part of a round come; of the part with a single board, the length is a third.
fn pace(options: &Options, alone: bool) -> Pace {
    let length = Duration::from_secs(options.seconds) / if alone { 3 } else { 1 };
    Pace { rate: options.rate, length, for_certain: false }
}

async fn millrace(options: &Options, data: &Path) -> anyhow::Result<Round> {
    let server = Server::launch(Launch { kiosks: options.kiosks, data, listen: "127.0.0.1:0", history: false }).await?;
    let http = Client::new();
    let token = taps::log_in(&http, &server.ready).await?;
    let crew = taps::crew(&http, &server.ready, options.kiosks).await?;
    let mut order = Order {
        address: server.ready.address().to_owned(),
        path: BOARD.to_owned(),
        token,
        readers: 1,
        comeback: Comeback::AtOnce,
    };
    let one = Readers::open(&order).await?;
    let before = server.usage()?;
    let alone = taps::taps(&crew, pace(options, true), now()).await?;
    let alone = (server.usage()?.cpu - before.cpu, alone.len());
    drop(one);

    let bare = server.usage()?.resident;
    order.readers = options.boards;
    let mut readers = Readers::open(&order).await?;
    pause(REST).await;
    let idle = server.usage()?;
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let probe = tokio::spawn(flush_now_and_then(Probe::beside(data)?, stopped));
    let taps = taps::taps(&crew, pace(options, false), now()).await?;
    let last = session_changes(data, 0).await?.last().map_or(0, |change| change.offset);
    let account = readers.ask(question(last)).await?;
    let after = server.usage()?;
    // It may have ended on an error of its own, which is told below.
    let _ended = stop.send(());
    let flushes = probe.await??;
    let costs =
        Costs { alone, crowd: (after.cpu - idle.cpu, taps.len()), resident: [bare, idle.resident, after.resident] };

    let changes = session_changes(data, 0).await?;
    let offsets: Vec<u64> = changes.iter().map(|change| change.offset).collect();
    let sent: HashMap<u64, i64> = changes
        .iter()
        .filter_map(|change| Some((change.offset, taps.get(&(change.session, change.version))?.sent_at)))
        .collect();
    server.stop().await?;
    let mut round = Round { flushes, answered: answered(&taps), open_ms: readers.open_ms, ..Round::default() };
    round.fill(options, &account, &offsets, &sent, &costs);
    Ok(round)
}

fn question(upto: u64) -> Question {
    Question { upto, patience_ms: PATIENCE_MS, reached: upto, sampled: SAMPLED }
}

fn answered(taps: &Taps) -> Vec<Duration> {
    taps.values().map(|tap| tap.accepted - tap.sent).collect()
}

async fn flush_now_and_then(
    mut probe: Probe,
    mut stopped: tokio::sync::oneshot::Receiver<()>,
) -> anyhow::Result<Vec<Duration>> {
    while stopped.try_recv().is_err() {
        probe = tokio::task::spawn_blocking(move || probe.flush().map(|()| probe)).await??;
        pause(FLUSH).await;
    }
    Ok(probe.times)
}

/// The same with the thin server: events like this one are posted to it at the same pace.
async fn thin(options: &Options, example: &str) -> anyhow::Result<Round> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["thin", "--listen", "127.0.0.1:0"]);
    let mut process = Process::start(command)?;
    let address = process.line().await?;
    let mut order = Order {
        address: address.clone(),
        path: "/".to_owned(),
        token: String::new(),
        readers: 1,
        comeback: Comeback::AtOnce,
    };
    let (http, url) = (Client::new(), format!("http://{address}/"));
    let one = Readers::open(&order).await?;
    let before = process.usage()?;
    let alone = post(&http, &url, pace(options, true), example, 0).await?;
    let alone = (process.usage()?.cpu - before.cpu, alone.0.len());
    drop(one);

    let bare = process.usage()?.resident;
    order.readers = options.boards;
    let mut readers = Readers::open(&order).await?;
    pause(REST).await;
    let idle: Usage = process.usage()?;
    let (sent, answered) = post(&http, &url, pace(options, false), example, alone.1).await?;
    let mut offsets: Vec<u64> = sent.keys().copied().collect();
    offsets.sort_unstable();
    let account = readers.ask(question(offsets.last().copied().unwrap_or_default())).await?;
    let after = process.usage()?;
    let costs =
        Costs { alone, crowd: (after.cpu - idle.cpu, sent.len()), resident: [bare, idle.resident, after.resident] };
    process.kill().await?;
    let mut round = Round { answered, open_ms: readers.open_ms, ..Round::default() };
    round.fill(options, &account, &offsets, &sent, &costs);
    Ok(round)
}

/// Posts events with rising offsets; returns when each was sent, and how long each post took.
async fn post(
    http: &Client,
    url: &str,
    pace: Pace,
    example: &str,
    from: usize,
) -> anyhow::Result<(HashMap<u64, i64>, Vec<Duration>)> {
    let (began, step) = (now(), Duration::from_secs(1) / pace.rate.max(1));
    let rest = example.split_once('\n').map_or(example, |(_, rest)| rest);
    let (mut sent, mut answered) = (HashMap::new(), Vec::new());
    for n in 0.. {
        let due = began + step * u32::try_from(n)?;
        if due >= began + pace.length {
            break;
        }
        until(due).await;
        let offset = (from + n + 1) as u64;
        let body = format!("id: thin.{offset}\n{rest}");
        let begun = now();
        sent.insert(offset, wall());
        http.post(url).body(body).send().await?.error_for_status()?;
        answered.push(begun.elapsed());
    }
    Ok((sent, answered))
}

impl Round {
    fn fill(&mut self, options: &Options, account: &Account, offsets: &[u64], sent: &HashMap<u64, i64>, costs: &Costs) {
        self.faults = check(offsets, &account.walks);
        self.example.clone_from(&account.example);
        let arrivals = account.samples.iter().flatten();
        self.to_board = arrivals
            .filter_map(|(offset, at)| u64::try_from(at - sent.get(offset)?).ok().map(Duration::from_micros))
            .collect();
        let micros = |cpu: Duration| cpu.as_secs_f64() * 1e6;
        let deliveries = (costs.crowd.1 * options.boards).max(1) as f64;
        let per_change = micros(costs.alone.0) / costs.alone.1.max(1) as f64;
        self.cpu_alone_us = per_change;
        self.cpu_us = micros(costs.crowd.0) / deliveries;
        self.cpu_marginal_us = (micros(costs.crowd.0) - per_change * costs.crowd.1 as f64) / deliveries;
        let [bare, idle, after] = costs.resident;
        let per_stream = |resident: u64| resident.saturating_sub(bare) as f64 / 1024.0 / options.boards.max(1) as f64;
        (self.idle_kib, self.after_kib) = (per_stream(idle), per_stream(after));
    }
}

fn report(options: &Options, ours: &[Round], thins: &[Round]) {
    let mut report = Report::new();
    report.figure("boards", "boards", options.boards, "");
    report.figure("rate", "changes of status", options.rate, "/s");
    report.figure("rounds", "rounds of each, fresh processes", options.rounds, "");
    report.figure("delivered", "events delivered", ours.iter().map(|round| round.faults.delivered).sum::<usize>(), "");
    report.figure("lost", "lost", ours.iter().map(|round| round.faults.lost).sum::<usize>(), "");
    report.figure("astray", "twice or out of order", ours.iter().map(|round| round.faults.astray).sum::<usize>(), "");
    let thin_faults: usize = thins.iter().map(|round| round.faults.lost + round.faults.astray).sum();
    report.figure("thinFaults", "lost or astray, thin server", thin_faults, "");
    let all =
        |rounds: &[Round], of: fn(&Round) -> &Vec<Duration>| Times::new(rounds.iter().flat_map(of).copied().collect());
    report.times("tapToBoard", "tap to board: POST begun to event read", &all(ours, |round| &round.to_board));
    report.times("thinToBoard", "the same, thin server without a disk", &all(thins, |round| &round.to_board));
    report.times("change", "change of status, request to answer", &all(ours, |round| &round.answered));
    report.times("flush", "a page flushed to the same disk", &all(ours, |round| &round.flushes));
    let mut middle = |key: &str, title: &str, rounds: &[Round], unit: &str, of: fn(&Round) -> f64| {
        let figure = rounded(median(rounds.iter().map(of).collect()), 2);
        report.figure(key, title, figure, unit);
    };
    let us = "µs";
    middle("cpuPerDelivery", "server CPU per delivery, all of it", ours, us, |round| round.cpu_us);
    middle("thinCpuPerDelivery", "the same, thin server", thins, us, |round| round.cpu_us);
    middle("cpuPerChange", "server CPU per change, one board", ours, us, |round| round.cpu_alone_us);
    middle("thinCpuPerChange", "the same, thin server", thins, us, |round| round.cpu_alone_us);
    middle("cpuMarginal", "server CPU per further delivery", ours, us, |round| round.cpu_marginal_us);
    middle("thinCpuMarginal", "the same, thin server", thins, us, |round| round.cpu_marginal_us);
    middle("idleKiB", "memory per idle stream", ours, "KiB", |round| round.idle_kib);
    middle("thinIdleKiB", "the same, thin server", thins, "KiB", |round| round.idle_kib);
    middle("afterKiB", "memory per stream, after all events", ours, "KiB", |round| round.after_kib);
    middle("thinAfterKiB", "the same, thin server", thins, "KiB", |round| round.after_kib);
    middle("openMs", "until all boards were open", ours, "ms", |round| round.open_ms);
    let ratio = |of: fn(&Round) -> f64| {
        rounded(median(ours.iter().zip(thins).map(|(our, thin)| of(our) / of(thin)).collect()), 2)
    };
    report.figure("ratio", "CPU per delivery, Millrace : thin", ratio(|round| round.cpu_us), "");
    report.figure(
        "ratioMarginal",
        "CPU per further delivery, Millrace : thin",
        ratio(|round| round.cpu_marginal_us),
        "",
    );
    report.print();
}
