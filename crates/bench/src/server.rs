//! The server under measurement: a process of its own, on a data directory of its own.

use crate::process::{Process, Usage, beside};
use crate::time::now;
use anyhow::Context;
use serde::Deserialize;
use std::path::Path;
use std::time::Duration;
use tokio::process::Command;

/// What the ready line of `millrace-server demo` says.
#[derive(Debug, Deserialize)]
pub(crate) struct Ready {
    pub(crate) url: String,
    pub(crate) admin: Admin,
    pub(crate) workers: Vec<Worker>,
    pub(crate) stations: Vec<Station>,
    pub(crate) kiosks: Vec<Kiosk>,
}

impl Ready {
    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Admin {
    pub(crate) username: String,
    pub(crate) password: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Worker {
    pub(crate) code: String,
    pub(crate) pin: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Station {
    pub(crate) id: millrace_protocol::StationId,
    pub(crate) code: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kiosk {
    pub(crate) token: String,
    pub(crate) station_code: String,
}

/// How a server is started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Launch<'a> {
    /// How many kiosks are enrolled.
    pub(crate) kiosks: usize,
    /// Where it keeps its data.
    pub(crate) data: &'a Path,
    /// Where it listens.
    pub(crate) listen: &'a str,
    /// Whether a new floor has three weeks of history.
    pub(crate) history: bool,
}

/// A running server. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Process,
    pub(crate) ready: Ready,
    /// From its start to its ready line.
    pub(crate) ready_after: Duration,
    /// From its start until `/readyz` said that it can do its work.
    pub(crate) answers_after: Duration,
}

impl Server {
    /// Starts `millrace-server demo --kiosks N` from beside this program, on any port.
    pub(crate) async fn start(kiosks: usize, data: &Path) -> anyhow::Result<Self> {
        Self::launch(Launch { kiosks, data, listen: "127.0.0.1:0", history: true }).await
    }

    /// Starts it as it is wished.
    pub(crate) async fn launch(launch: Launch<'_>) -> anyhow::Result<Self> {
        let mut command = Command::new(beside("millrace-server")?);
        command
            .args(["demo", "--listen", launch.listen, "--log-level", "warn"])
            .args(["--kiosks", &launch.kiosks.to_string()])
            .args(["--history", if launch.history { "weeks" } else { "none" }])
            .arg("--data-dir")
            .arg(launch.data);
        let began = now();
        let mut process = Process::start(command)?;
        let line = process.line().await.context("the server is not ready")?;
        let ready_after = began.elapsed();
        let ready: Ready = serde_json::from_str(&line).context("reading the ready line")?;
        reqwest::get(format!("{}/readyz", ready.url)).await?.error_for_status().context("it is not ready after all")?;
        Ok(Self { process, ready, ready_after, answers_after: began.elapsed() })
    }

    /// What the server has used so far.
    pub(crate) fn usage(&self) -> anyhow::Result<Usage> {
        self.process.usage()
    }

    /// SIGTERM, and its end.
    pub(crate) async fn stop(self) -> anyhow::Result<()> {
        self.process.terminate().await.context("the server")
    }

    /// SIGKILL.
    pub(crate) async fn kill(self) -> anyhow::Result<()> {
        self.process.kill().await
    }
}
