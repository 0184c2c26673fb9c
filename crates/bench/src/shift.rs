//! A change of shift: within a minute many workers sign in, each with his PIN, and begin. A PIN is slow to check on
//! purpose, so that is most of it.

use crate::kiosk::Line;
use crate::report::{Report, Times};
use crate::server::{Launch, Server, Worker};
use crate::taps::log_in;
use crate::time::{now, until};
use anyhow::{Context, ensure};
use clap::Args;
use futures_util::{StreamExt, TryStreamExt};
use millrace_protocol::InstanceId;
use millrace_protocol::session::OpenRequest;
use reqwest::Client;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// Everybody's PIN.
const PIN: &str = "4711";
/// How many PINs are set at once.
const AT_ONCE: usize = 8;

/// How many, in what time.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Kiosks, each with a worker of its own.
    #[arg(long, default_value_t = 500)]
    kiosks: usize,
    /// Within so many seconds, evenly.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Workers have no PIN.
    #[arg(long)]
    without_pins: bool,
    /// Where the database is made; the folder of this run is removed at its end.
    #[arg(long, default_value = "target/bench")]
    data_dir: PathBuf,
}

/// What one worker's beginning took.
#[derive(Debug, Clone, Copy)]
struct Begun {
    sign_in: Duration,
    lists: Duration,
    open: Duration,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    ensure!(options.kiosks > 0, "at least one kiosk");
    let data = options.data_dir.join(format!("shift-{}", std::process::id()));
    let launch = Launch { kiosks: options.kiosks, data: &data, listen: "127.0.0.1:0", history: false };
    let server = Server::launch(launch).await?;
    let http = Client::new();
    if !options.without_pins {
        set_pins(&http, &server, options.kiosks).await?;
    }
    let step = Duration::from_secs(options.seconds) / u32::try_from(options.kiosks)?;
    let (began, before) = (now(), server.usage()?.cpu);
    let mut arriving = tokio::task::JoinSet::new();
    for n in 0..options.kiosks {
        until(began + step * u32::try_from(n)?).await;
        let mut worker = server.ready.workers.get(n).context("a worker for it")?.clone();
        if !options.without_pins {
            worker.pin = Some(PIN.to_owned());
        }
        let (line, station) = Line::of(&http, &server.ready, n, worker.clone())?;
        arriving.spawn(begin(line, worker, station, n));
    }
    let begun: Vec<Begun> = arriving.join_all().await.into_iter().collect::<anyhow::Result<_>>()?;
    let (took, cpu) = (began.elapsed(), server.usage()?.cpu - before);
    let times = |of: fn(&Begun) -> Duration| Times::new(begun.iter().map(of).collect());
    let mut report = Report::new();
    report.figure("kiosks", "workers who began", begun.len(), "");
    report.figure("seconds", "seconds", took.as_secs_f64().round(), "");
    report.figure("pins", "with a PIN", !options.without_pins, "");
    report.times("signIn", "sign-in", &times(|begun| begun.sign_in));
    report.times("lists", "statuses and items of his station", &times(|begun| begun.lists));
    report.times("open", "session opened", &times(|begun| begun.open));
    report.times("all", "all of it", &times(|begun| begun.sign_in + begun.lists + begun.open));
    report.figure(
        "cpuMs",
        "server CPU each",
        crate::report::rounded(cpu.as_secs_f64() * 1e3 / begun.len() as f64, 1),
        "ms",
    );
    report.print();
    server.stop().await?;
    std::fs::remove_dir_all(&data)?;
    Ok(())
}

async fn begin(
    mut line: Line,
    worker: Worker,
    station: millrace_protocol::StationId,
    n: usize,
) -> anyhow::Result<Begun> {
    let began = now();
    line.sign_in(&worker).await?;
    let sign_in = began.elapsed();
    let began = now();
    drop(line.get::<Value>(&format!("/api/statuses?stationId={station}")).await?);
    drop(line.get::<Value>(&format!("/api/stations/{station}/job-items")).await?);
    let lists = began.elapsed();
    let began = now();
    let instance_id = InstanceId(uuid::Uuid::from_u128(0x2000 + n as u128));
    let opening = OpenRequest { station_id: station, instance_id, checklist: None, id: None, action: None };
    drop(line.post("/api/sessions", &opening).await?);
    Ok(Begun { sign_in, lists, open: began.elapsed() })
}

/// Gives each of the first workers a PIN.
async fn set_pins(http: &Client, server: &Server, many: usize) -> anyhow::Result<()> {
    let token = &log_in(http, &server.ready).await?;
    let url = &server.ready.url;
    let mut records: Vec<Value> = Vec::new();
    let mut next = format!("{url}/api/admin/workers?limit=500");
    loop {
        let page: Value = http.get(&next).bearer_auth(token).send().await?.error_for_status()?.json().await?;
        records.extend(page["items"].as_array().context("a page of workers")?.iter().cloned());
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        next = format!("{url}/api/admin/workers?limit=500&cursor={cursor}");
    }
    let wanted: std::collections::HashSet<&str> =
        server.ready.workers.iter().take(many).map(|worker| worker.code.as_str()).collect();
    let setting = records.iter().filter(|record| record["code"].as_str().is_some_and(|code| wanted.contains(code)));
    futures_util::stream::iter(setting.map(|record| async move {
        let path = format!("{url}/api/admin/workers/{}/pin", record["id"].as_str().context("an id")?);
        let request = http.put(path).bearer_auth(token).header("If-Match", format!("\"{}\"", record["version"]));
        drop(request.json(&json!({ "pin": PIN })).send().await?.error_for_status()?);
        anyhow::Ok(())
    }))
    .buffer_unordered(AT_ONCE)
    .try_collect()
    .await
}
