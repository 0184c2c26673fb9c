//! From tap to board, with a whole floor around it.

use crate::board::{self, Seen};
use crate::report::{Report, Times};
use crate::server::Server;
use crate::taps::{self, Crew, Pace, Tap, Taps};
use crate::time::{now, until};
use anyhow::Context;
use clap::Args;
use millrace_protocol::SessionId;
use reqwest::Client;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// The server's own interval between two heartbeats.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long the last events may take before they count as lost.
const PATIENCE: Duration = Duration::from_secs(5);

/// How large the floor is, and for how long it is watched.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Kiosks, each with an open session and a heartbeat every 15 s.
    #[arg(long, default_value_t = 200)]
    kiosks: usize,
    /// Boards on the active-sessions stream.
    #[arg(long, default_value_t = 5)]
    boards: usize,
    /// Changes of status each second, spread over the kiosks.
    #[arg(long, default_value_t = 20)]
    changes: u32,
    /// Seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Where the server keeps its data; made, and left behind.
    #[arg(long, default_value = "target/bench")]
    data_dir: PathBuf,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let data = options.data_dir.join(std::process::id().to_string());
    let server = Server::start(options.kiosks, &data).await?;
    let http = Client::builder().pool_max_idle_per_host(options.kiosks + options.boards).build()?;
    let token = taps::log_in(&http, &server.ready).await?;
    let kiosks = taps::crew(&http, &server.ready, options.kiosks).await?;
    let (sender, mut seen) = mpsc::unbounded_channel();
    let mut boards = tokio::task::JoinSet::new();
    for board in 0..options.boards {
        let (open, opened) = oneshot::channel();
        boards.spawn(board::watch(http.clone(), server.ready.url.clone(), token.clone(), board, sender.clone(), open));
        opened.await.context("a board did not open")?;
    }
    drop(sender);

    let before = server.usage()?;
    let began = now();
    let length = Duration::from_secs(options.seconds);
    let beating = tokio::spawn(beat(kiosks.clone(), began, length));
    let taps = taps::taps(&kiosks, Pace { rate: options.changes, length, for_certain: false }, began).await?;
    let beats = beating.await??;
    let wall = began.elapsed();
    let after = server.usage()?;

    let arrivals = arrivals(&mut seen, &taps, options.boards).await;
    boards.abort_all();
    report(&options, &taps, &arrivals, beats, wall, after.cpu - before.cpu, after.resident);
    Ok(())
}

/// Every kiosk beats every 15 s, spread evenly. Returns how long each heartbeat took.
async fn beat(kiosks: Crew, began: Instant, length: Duration) -> anyhow::Result<Vec<Duration>> {
    let step = HEARTBEAT / u32::try_from(kiosks.len().max(1))?;
    let mut beats = tokio::task::JoinSet::new();
    for (n, kiosk) in kiosks.iter().cycle().enumerate() {
        let due = began + step * u32::try_from(n)?;
        if due >= began + length {
            break;
        }
        until(due).await;
        let kiosk = kiosk.clone();
        beats.spawn(async move {
            let kiosk = kiosk.lock().await;
            let sent = now();
            kiosk.beat().await.map(|()| sent.elapsed())
        });
    }
    beats.join_all().await.into_iter().collect()
}

/// When each board saw what each tap made.
async fn arrivals(
    seen: &mut mpsc::UnboundedReceiver<Seen>,
    taps: &Taps,
    boards: usize,
) -> HashMap<(SessionId, u32, usize), Instant> {
    let mut arrivals = HashMap::new();
    let until = now() + PATIENCE;
    while arrivals.len() < taps.len() * boards {
        let Ok(Some(event)) = tokio::time::timeout_at(until.into(), seen.recv()).await else { break };
        if taps.contains_key(&(event.session, event.version)) {
            arrivals.entry((event.session, event.version, event.board)).or_insert(event.at);
        }
    }
    arrivals
}

fn report(
    options: &Options,
    taps: &Taps,
    arrivals: &HashMap<(SessionId, u32, usize), Instant>,
    beats: Vec<Duration>,
    wall: Duration,
    cpu: Duration,
    resident: u64,
) {
    let since = |of: fn(&Tap) -> Instant| {
        let times = arrivals.iter().filter_map(|((session, version, _), at)| {
            taps.get(&(*session, *version)).map(|tap| at.saturating_duration_since(of(tap)))
        });
        Times::new(times.collect())
    };
    let mut report = Report::new();
    report.figure("kiosks", "kiosks", options.kiosks, "");
    report.figure("boards", "boards", options.boards, "");
    report.figure("changes", "changes of status acknowledged", taps.len(), "");
    report.figure("heartbeats", "heartbeats acknowledged", beats.len(), "");
    report.figure("lost", "events that did not reach a board", taps.len() * options.boards - arrivals.len(), "");
    report.times("tapToBoard", "request sent to event received", &since(|tap| tap.sent));
    report.times("acceptedToBoard", "request accepted to event received", &since(|tap| tap.accepted));
    report.times(
        "change",
        "change of status, request to answer",
        &Times::new(taps.values().map(|t| t.accepted - t.sent).collect()),
    );
    report.times("heartbeat", "heartbeat, request to answer", &Times::new(beats));
    report.figure(
        "cpuPerCent",
        "server CPU, of one core",
        (cpu.as_secs_f64() / wall.as_secs_f64() * 1_000.0).round() / 10.0,
        "%",
    );
    report.figure("residentMiB", "server memory at the end", resident / (1024 * 1024), "MiB");
    report.print();
}
