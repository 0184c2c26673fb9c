//! What a heartbeat costs the server, each checked against the owner in the database and on disk before it is answered;
//! beside an axum handler that does nothing but know the kiosk and speak the same JSON.
//!
//! An open loop: heartbeats come at their rate, whether or not those before were answered. Rounds of both alternate; of
//! figures per round the middle one is told. The kiosks play in a process of their own and are the same for both.

use crate::fleet::{Account, Ask, Fleets, Order, enlist};
use crate::probe::Probe;
use crate::process::{Process, Usage};
use crate::report::{Report, Times, median, rounded};
use crate::server::{Launch, Server};
use anyhow::{Context, ensure};
use clap::Args;
use reqwest::Client;
use std::path::PathBuf;
use std::time::Duration;
use tokio::process::Command;

/// Flushes of a bare page beside each round.
const FLUSHES: usize = 50;

/// How many, how often, for how long.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Kiosks, each with an open session and a kept connection.
    #[arg(long, default_value_t = 2_000)]
    kiosks: usize,
    /// Heartbeats each second, of all of them together.
    #[arg(long, default_value_t = 5_000)]
    rate: u32,
    /// Seconds of a round.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Rounds of each server, in turns.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Where the database is made; the folder of this run is removed at its end.
    #[arg(long, default_value = "target/bench")]
    data_dir: PathBuf,
}

/// One server's rounds.
#[derive(Debug, Default)]
struct Rounds {
    /// Server CPU per answered heartbeat, in microseconds.
    cpu: Vec<f64>,
    times: Vec<Duration>,
    answered: usize,
    behind: usize,
    faults: usize,
    first_fault: Option<String>,
}

impl Rounds {
    fn add(&mut self, before: Usage, after: Usage, account: Account) {
        let cpu = (after.cpu - before.cpu).as_secs_f64() * 1e6;
        self.cpu.push(cpu / account.times.len().max(1) as f64);
        self.answered += account.times.len();
        self.behind += account.behind;
        self.faults += account.wrong + account.unanswered;
        self.first_fault = self.first_fault.take().or(account.first_wrong);
        self.times.extend(account.times.iter().map(|micros| Duration::from_micros(u64::from(*micros))));
    }
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    ensure!(options.rounds > 0 && options.kiosks > 0, "at least one round, and one kiosk");
    let folder = options.data_dir.join(format!("heartbeats-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let data = folder.join("data");
    let launch = Launch { kiosks: options.kiosks, data: &data, listen: "127.0.0.1:0", history: false };
    let server = Server::launch(launch).await?;
    let members = enlist(&Client::new(), &server.ready, options.kiosks).await?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("plain");
    let mut plain = Process::start(command)?;
    let tokens: Vec<&str> = members.iter().map(|member| member.token.as_str()).collect();
    plain.tell(&serde_json::to_string(&tokens)?).await?;
    let plain_address = plain.line().await.context("the axum handler")?;

    let order = |address: &str| Order { address: address.to_owned(), members: members.clone(), alive: false };
    let mut ours = Fleets::open(order(server.ready.address()), 1).await?;
    let mut theirs = Fleets::open(order(&plain_address), 1).await?;
    let mut probe = Probe::beside(&folder)?;
    let ask = Ask::Drive { rate: options.rate, ms: options.seconds * 1_000 };
    let warm_up = Ask::Drive { rate: options.rate, ms: 1_000 };
    drop((ours.ask(warm_up).await?, theirs.ask(warm_up).await?));
    let (mut millrace, mut axum) = (Rounds::default(), Rounds::default());
    for _ in 0..options.rounds {
        let before = server.usage()?;
        let account = ours.ask(ask).await?;
        millrace.add(before, server.usage()?, account);
        let before = plain.usage()?;
        let account = theirs.ask(ask).await?;
        axum.add(before, plain.usage()?, account);
        for _ in 0..FLUSHES {
            probe.flush()?;
        }
    }
    report(&options, &millrace, &axum, &probe);
    drop((ours, theirs));
    server.stop().await?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn report(options: &Options, millrace: &Rounds, axum: &Rounds, probe: &Probe) {
    let mut report = Report::new();
    report.figure("kiosks", "kiosks", options.kiosks, "");
    report.figure("rate", "heartbeats due each second", options.rate, "");
    report.figure("rounds", "rounds of each, in turns", options.rounds, "");
    report.figure("answered", "answered with the lease, Millrace", millrace.answered, "");
    report.figure("axumAnswered", "the same, axum handler", axum.answered, "");
    report.figure("behind", "not sent: the kiosk's one before was under way", millrace.behind, "");
    report.figure("axumBehind", "the same, axum handler", axum.behind, "");
    report.figure("faults", "refused or unanswered, both", millrace.faults + axum.faults, "");
    if let Some(fault) = millrace.first_fault.as_ref().or(axum.first_fault.as_ref()) {
        report.figure("firstFault", "the first of them", fault.as_str(), "");
    }
    report.times("heartbeat", "due to answered, Millrace", &Times::of(&millrace.times));
    report.times("axumHeartbeat", "due to answered, axum handler", &Times::of(&axum.times));
    report.times("flush", "a page flushed to the same disk", &Times::of(&probe.times));
    let (ours, theirs) = (median(millrace.cpu.clone()), median(axum.cpu.clone()));
    report.figure("cpuMicros", "server CPU each, Millrace, middle round", rounded(ours, 1), "µs");
    report.figure("axumCpuMicros", "server CPU each, axum handler, middle round", rounded(theirs, 1), "µs");
    let ratios = millrace.cpu.iter().zip(&axum.cpu).map(|(ours, theirs)| ours / theirs).collect();
    report.figure("ratio", "of one round to the one behind it, middle ratio", rounded(median(ratios), 2), "");
    report.print();
}
