//! The desktop shell: one window, its page, and the way from the page to the engine.
//!
//! Thin on purpose. The engine (`millrace-kiosk`) owns the session, beats the heart, keeps the outbox
//! and reads the streams; here is only what a window needs. No rule of the trade is to be found here.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod commands;
mod first;
mod hardening;
mod setup;
mod shell;
mod window;

use anyhow::Context;
use clap::Parser;
use setup::Setup;

fn main() -> anyhow::Result<()> {
    let setup = Setup::parse();
    // To stderr: stdout belongs to whoever started us.
    let filter = tracing_subscriber::EnvFilter::try_from_env("MILLRACE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let setup = setup.settled().context("the settings can't be used")?;
    shell::run(setup)
}
