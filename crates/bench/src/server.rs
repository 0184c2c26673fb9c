//! The server under measurement: a process of its own, on a data directory of its own.

use anyhow::{Context, bail};
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// What the ready line of `millrace-server demo` says.
#[derive(Debug, Deserialize)]
pub(crate) struct Ready {
    pub(crate) url: String,
    pub(crate) admin: Admin,
    pub(crate) workers: Vec<Worker>,
    pub(crate) stations: Vec<Station>,
    pub(crate) kiosks: Vec<Kiosk>,
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

/// A running server. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) ready: Ready,
}

/// CPU and memory of a process, from `/proc`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// User and system time since its start.
    pub(crate) cpu: Duration,
    /// Resident memory, in bytes.
    pub(crate) resident: u64,
}

impl Server {
    /// Starts `millrace-server demo --kiosks N` from beside this program.
    pub(crate) async fn start(kiosks: usize, data: &std::path::Path) -> anyhow::Result<Self> {
        let program: PathBuf = std::env::current_exe()?.with_file_name("millrace-server");
        if !program.exists() {
            bail!("{} is missing: build it in the same profile first", program.display());
        }
        let mut child = Command::new(&program)
            .args(["demo", "--listen", "127.0.0.1:0", "--log-level", "warn", "--kiosks", &kiosks.to_string()])
            .arg("--data-dir")
            .arg(data)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let stdout = child.stdout.take().context("its stdout")?;
        let line = BufReader::new(stdout).lines().next_line().await?.context("the server ended before it was ready")?;
        let ready = serde_json::from_str(&line).context("reading the ready line")?;
        Ok(Self { child, ready })
    }

    /// What the server has used so far.
    pub(crate) fn usage(&self) -> anyhow::Result<Usage> {
        let pid = self.child.id().context("the server has ended")?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // The second field, the name, may hold blanks; what follows its bracket does not.
        let (_, fields) = stat.rsplit_once(')').context("reading /proc")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks = |at: usize| -> anyhow::Result<u64> { Ok(fields.get(at).context("reading /proc")?.parse()?) };
        // Fields 14 and 15 of proc_pid_stat(5), counted from the third; a tick is 10 ms on Linux.
        let cpu = Duration::from_millis(10 * (ticks(11)? + ticks(12)?));
        // Field 24, in pages of 4 KiB.
        Ok(Usage { cpu, resident: 4096 * ticks(21)? })
    }
}
