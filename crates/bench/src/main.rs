//! Millrace's load generator and benchmarks: real servers, real sockets, figures as a table and as JSON.
//!
//! Each measurement is a module that starts what it measures, drives it from outside, and checks that
//! nothing was lost before it speaks of speed. Deliberately not here: pass or fail.

mod board;
mod floor;
mod kiosk;
mod report;
mod server;

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
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().what {
        What::Floor(options) => floor::run(options).await,
    }
}
