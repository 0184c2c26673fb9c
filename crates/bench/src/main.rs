//! Millrace's load generator and benchmarks: real servers, real sockets, figures as a table and as JSON.
//!
//! Each measurement is a module that starts what it measures, drives it from outside, and checks that
//! nothing was lost before it speaks of speed. Deliberately not here: pass or fail.

mod board;
mod boards;
mod floor;
mod history;
mod kiosk;
mod log;
mod probe;
mod process;
mod readers;
mod reconnect;
mod report;
mod server;
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
    if let What::Readers = what {
        return readers::run();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match what {
            What::Floor(options) => floor::run(options).await,
            What::History(options) => history::run(options).await,
            What::Boards(options) => boards::run(options).await,
            What::Reconnect(options) => reconnect::run(options).await,
            What::Thin { listen } => thin::run(&listen).await,
            What::Readers => Ok(()),
        }
    })
}
