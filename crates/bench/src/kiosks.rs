//! Thousands of kiosks on one server, each with its stream, a kept connection and a heartbeat every 15 s: what that costs
//! while nothing happens, and how soon all of them are back after `kill -9`.

use crate::fleet::{Account, Ask, Fleets, Order, enlist};
use crate::report::{Report, Times, median, rounded};
use crate::server::{Launch, Server};
use crate::time::{now, pause, wall};
use anyhow::ensure;
use clap::Args;
use reqwest::Client;
use std::path::PathBuf;
use std::time::Duration;

/// How long the last of them may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(200);

/// How many, for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Kiosks, each with an open session, a stream and a kept connection.
    #[arg(long, default_value_t = 8_000)]
    kiosks: usize,
    /// Processes that play them: a process has only so many descriptors.
    #[arg(long, default_value_t = 2)]
    processes: usize,
    /// Seconds of a span in which CPU is measured.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// How many spans.
    #[arg(long, default_value_t = 3)]
    spans: usize,
    /// Seconds before it is measured, so that each kiosk has beaten.
    #[arg(long, default_value_t = 16)]
    settle: u64,
    /// Where the database is made; the folder of this run is removed at its end.
    #[arg(long, default_value = "target/bench")]
    data_dir: PathBuf,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    ensure!(options.kiosks > 0 && options.spans > 0, "at least one kiosk, and one span");
    let data = options.data_dir.join(format!("kiosks-{}", std::process::id()));
    let launch = Launch { kiosks: options.kiosks, data: &data, listen: "127.0.0.1:0", history: false };
    let server = Server::launch(launch).await?;
    let members = enlist(&Client::new(), &server.ready, options.kiosks).await?;
    let address = server.ready.address().to_owned();
    pause(Duration::from_secs(1)).await;
    let alone = server.usage()?.resident;
    let order = Order { address: address.clone(), members, alive: true };
    let mut fleets = Fleets::open(order, options.processes).await?;
    pause(Duration::from_secs(options.settle)).await;
    drop(fleets.ask(Ask::Tell).await?);
    let (mut cpu, mut rates, mut steady) = (Vec::new(), Vec::new(), Account::default());
    for _ in 0..options.spans {
        let (before, began) = (server.usage()?, now());
        pause(Duration::from_secs(options.seconds)).await;
        let (after, took) = (server.usage()?, began.elapsed().as_secs_f64());
        let told = fleets.ask(Ask::Tell).await?;
        cpu.push((after.cpu - before.cpu).as_secs_f64() / took * 100.0);
        rates.push(told.hearts.values().sum::<usize>() as f64 / took);
        steady.wrong += told.wrong + told.unanswered;
    }
    let crowded = server.usage()?.resident;

    server.kill().await?;
    let server = Server::launch(Launch { listen: &address, ..launch }).await?;
    let (ready_at, patient) = (wall(), now() + PATIENCE);
    let mut back = Account::default();
    while now() < patient && (back.hearts_back.len() < options.kiosks || back.streams_back.len() < options.kiosks) {
        pause(LOOK).await;
        let told = fleets.ask(Ask::Tell).await?;
        back.hearts_back.extend(told.hearts_back);
        back.streams_back.extend(told.streams_back);
        back.wrong += told.wrong;
        back.first_wrong = back.first_wrong.take().or(told.first_wrong);
    }
    let since = |back: &[i64]| {
        let micros = |at: &i64| Duration::from_micros(u64::try_from(at - ready_at).unwrap_or_default());
        Times::new(back.iter().map(micros).collect())
    };
    let mut report = Report::new();
    report.figure("kiosks", "kiosks with stream and connection", options.kiosks, "");
    report.figure("openMs", "until all were connected", rounded(fleets.open_ms, 0), "ms");
    report.figure("heartbeats", "heartbeats each second, middle span", rounded(median(rates), 1), "");
    report.figure("cpuPerCent", "server CPU, of one core, middle span", rounded(median(cpu), 1), "%");
    report.figure("faults", "refused or unanswered meanwhile", steady.wrong, "");
    report.figure("residentMiB", "server memory", crowded / (1024 * 1024), "MiB");
    report.figure("aloneMiB", "the same with sessions, before any connection", alone / (1024 * 1024), "MiB");
    let each = crowded.saturating_sub(alone) as f64 / 1_024.0 / options.kiosks as f64;
    report.figure("memoryKiB", "memory per kiosk: a stream and a connection", rounded(each, 1), "KiB");
    report.figure(
        "readyMs",
        "start to ready line, after the kill",
        rounded(server.ready_after.as_secs_f64() * 1e3, 0),
        "ms",
    );
    let gone = |back: &[i64]| options.kiosks.saturating_sub(back.len());
    report.figure("never", "not back within a minute", gone(&back.streams_back).max(gone(&back.hearts_back)), "");
    report.figure("refused", "refused when they were back", back.wrong, "");
    if let Some(fault) = back.first_wrong {
        report.figure("firstFault", "the first of them", fault, "");
    }
    report.times("streamsBack", "ready line to stream back", &since(&back.streams_back));
    report.times("heartsBack", "ready line to heartbeat answered again", &since(&back.hearts_back));
    report.print();
    drop(fleets);
    server.stop().await?;
    std::fs::remove_dir_all(&data)?;
    Ok(())
}
