//! `millrace-server`: see `millrace_server` for what it is made of.

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = millrace_server::cli::Cli::parse();
    match millrace_server::command::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With stderr gone there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "millrace-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
