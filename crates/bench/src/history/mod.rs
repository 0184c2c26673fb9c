//! What a worker's action takes when the database remembers years, beside the same on a floor that remembers weeks,
//! and beside what a flush of the disk takes: all three in turns, so that they see the same machine.

mod grow;
mod hand;

use crate::probe::Probe;
use crate::report::{Report, Times};
use crate::server::{Launch, Server};
use crate::time::pause;
use clap::Args;
use grow::{Grown, Wanted};
use hand::{DEEDS, Hand};
use reqwest::Client;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Rounds before the ones that count: statements get prepared, connections made.
const WARM_UP: u32 = 3;
/// After this long a server that was asked nothing is at rest.
const REST: Duration = Duration::from_secs(3);

/// How much history, and how often everything is done.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Status events in the large database.
    #[arg(long, default_value_t = 1_000_000)]
    events: u64,
    /// Rows of its change log: what three busy days leave.
    #[arg(long, default_value_t = 300_000)]
    changes: u64,
    /// Sessions on each floor, from opening to end, with every kind of action in each.
    #[arg(long, default_value_t = 300)]
    rounds: u32,
    /// How many times each server is started to see when it is ready.
    #[arg(long, default_value_t = 5)]
    starts: u32,
    /// Where the databases are made; the folder of this run is removed at its end.
    #[arg(long, default_value = "target/bench")]
    data_dir: PathBuf,
    /// Leaves the databases there.
    #[arg(long)]
    keep: bool,
}

/// One floor with its server.
struct Floor {
    data: PathBuf,
    server: Server,
    hand: Hand,
    /// Of each start: from it to the ready line, and to the first answer.
    ready: Vec<Duration>,
    answers: Vec<Duration>,
}

impl Floor {
    async fn new(http: &Client, data: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&data)?;
        let server = start(&data).await?;
        let mut hand = Hand::at(http, &server.ready, Probe::beside(&data)?)?;
        hand.round().await?;
        Ok(Self { data, server, hand, ready: Vec::new(), answers: Vec::new() })
    }

    async fn again(self, http: &Client) -> anyhow::Result<Self> {
        let Self { data, server, mut hand, mut ready, mut answers } = self;
        server.stop().await?;
        let server = start(&data).await?;
        ready.push(server.ready_after);
        answers.push(server.answers_after);
        hand.move_to(http, &server.ready)?;
        Ok(Self { data, server, hand, ready, answers })
    }
}

async fn start(data: &Path) -> anyhow::Result<Server> {
    Server::launch(Launch { kiosks: 23, data, listen: "127.0.0.1:0", history: true }).await
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let folder = options.data_dir.join(format!("history-{}", std::process::id()));
    let http = Client::new();
    let mut demo = Floor::new(&http, folder.join("demo")).await?;
    let large = Floor::new(&http, folder.join("large")).await?;
    let Floor { data, server, hand, ready, answers } = large;
    server.stop().await?;
    let grown = grow::grow(&data, Wanted { events: options.events, changes: options.changes }).await?;
    let server = start(&data).await?;
    let mut large = Floor { data, server, hand, ready, answers };
    large.hand.move_to(&http, &large.server.ready)?;
    for _ in 0..options.starts {
        demo = demo.again(&http).await?;
        large = large.again(&http).await?;
    }
    pause(REST).await;
    let rest = [large.server.usage()?.resident, demo.server.usage()?.resident];

    for round in 0..WARM_UP + options.rounds {
        if round == WARM_UP {
            for floor in [&mut demo, &mut large] {
                floor.hand.took.clear();
                floor.hand.probe.times.clear();
            }
        }
        // In turns who comes first.
        let in_turns = if round % 2 == 0 { [&mut demo, &mut large] } else { [&mut large, &mut demo] };
        for floor in in_turns {
            floor.hand.round().await?;
        }
    }
    report(&demo, &large, grown, rest);
    demo.server.stop().await?;
    large.server.stop().await?;
    if !options.keep {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

fn report(demo: &Floor, large: &Floor, grown: Grown, rest: [u64; 2]) {
    const MIB: u64 = 1024 * 1024;
    let mut report = Report::new();
    report.figure("sessions", "sessions of history", grown.sessions, "");
    report.figure("events", "status events", grown.events, "");
    report.figure("entries", "entries of the ledger", grown.entries, "");
    report.figure("reports", "reports", grown.reports, "");
    report.figure("actions", "worker actions with their answers", grown.actions, "");
    report.figure("changes", "rows of the change log", grown.changes, "");
    report.figure("sizeMiB", "size of the database", grown.size / MIB, "MiB");
    report.figure("restMiB", "server memory at rest", rest[0] / MIB, "MiB");
    report.figure("restDemoMiB", "server memory at rest, demo floor", rest[1] / MIB, "MiB");
    report.pair("ready", "start to ready line", &Times::of(&large.ready), &Times::of(&demo.ready));
    report.pair("answers", "start to first answer", &Times::of(&large.answers), &Times::of(&demo.answers));
    let mut all: [Vec<Duration>; 2] = Default::default();
    for (key, title) in DEEDS {
        let took = [large, demo].map(|floor| floor.hand.took.get(key).cloned().unwrap_or_default());
        report.pair(key, title, &Times::of(&took[0]), &Times::of(&took[1]));
        all.iter_mut().zip(took).for_each(|(all, took)| all.extend(took));
    }
    report.pair("all", "all of them", &Times::of(&all[0]), &Times::of(&all[1]));
    report.pair(
        "flush",
        "a page flushed to the same disk",
        &Times::of(&large.hand.probe.times),
        &Times::of(&demo.hand.probe.times),
    );
    report.print();
}
