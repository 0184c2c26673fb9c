//! Millrace's load generator and benchmarks: real servers, real sockets, figures as a table and as JSON.
//!
//! Each measurement is a module that starts what it measures, drives it from outside, and checks that
//! nothing was lost before it speaks of speed. Deliberately not here: pass or fail.

mod board;
mod boards;
mod fleet;
mod floor;
mod heartbeats;
mod history;
mod kiosk;
mod kiosks;
mod log;
mod outage;
mod plain;
mod probe;
mod process;
mod readers;
mod reconnect;
mod report;
mod server;
mod shift;
mod taps;
mod thin;
mod time;

use clap::{Parser, Subcommand};

/// Measures Millrace on this machine. Everything runs on the loopback address.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// From tap to board: kiosks with heartbeats, boards on the stream, changes of status at a steady rate.
    Floor(floor::Options),
    /// Every worker action on a database that remembers years, beside one that remembers weeks.
    History(history::Options),
    /// Many boards: nothing lost, tap to board, CPU per delivery and memory per stream, beside a thin server.
    Boards(boards::Options),
    /// `kill -9` with many boards connected: until all of them have caught up.
    Reconnect(reconnect::Options),
    /// Heartbeats at a steady rate: server CPU each, beside an axum handler with the same authentication and JSON.
    Heartbeats(heartbeats::Options),
    /// Thousands of kiosks with stream and kept connection: CPU, memory, and how soon all are back after `kill -9`.
    Kiosks(kiosks::Options),
    /// The server is away for minutes: nobody closed, every outbox drained, how evenly they come back.
    Outage(outage::Options),
    /// A change of shift: many workers sign in and begin within a minute.
    Shift(shift::Options),
    /// The kiosks of the other measurements, in a process of their own.
    #[command(hide = true)]
    Fleet,
    /// The axum handler of the other measurements; the kiosks it knows come on stdin.
    #[command(hide = true)]
    Plain,
    /// The readers of the other measurements, in a process of their own.
    #[command(hide = true)]
    Readers,
    /// The thin server of the other measurements.
    #[command(hide = true)]
    Thin {
        /// Where it listens.
        #[arg(long)]
        listen: String,
    },
}

fn main() -> anyhow::Result<()> {
    let Cli { what } = Cli::parse();
    match what {
        What::Readers => return readers::run(),
        What::Fleet => return fleet::run(),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match what {
            What::Floor(options) => floor::run(options).await,
            What::History(options) => history::run(options).await,
            What::Boards(options) => boards::run(options).await,
            What::Reconnect(options) => reconnect::run(options).await,
            What::Thin { listen } => thin::run(&listen).await,
            What::Heartbeats(options) => heartbeats::run(options).await,
            What::Kiosks(options) => kiosks::run(options).await,
            What::Outage(options) => outage::run(options).await,
            What::Shift(options) => shift::run(options).await,
            What::Plain => plain::run().await,
            What::Readers | What::Fleet => Ok(()),
        }
    })
}
