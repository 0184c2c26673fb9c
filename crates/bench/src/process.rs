//! A process under measurement: what it uses, and its end.

use anyhow::{Context, bail};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// CPU and memory of a process, from `/proc`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// User and system time since its start.
    pub(crate) cpu: Duration,
    /// Resident memory, in bytes.
    pub(crate) resident: u64,
}

/// A running process that speaks in lines. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

/// A program that lies beside this one.
pub(crate) fn beside(name: &str) -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name(name);
    if !program.exists() {
        bail!("{} is missing: build it in the same profile first", program.display());
    }
    Ok(program)
}

impl Process {
    /// Starts it.
    pub(crate) fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {:?}", command.as_std().get_program()))?;
        let stdin = child.stdin.take().context("its stdin")?;
        let lines = BufReader::new(child.stdout.take().context("its stdout")?).lines();
        Ok(Self { child, stdin, lines })
    }

    /// The next line it says.
    pub(crate) async fn line(&mut self) -> anyhow::Result<String> {
        self.lines.next_line().await?.context("it ended without a word; its reason is above")
    }

    /// Tells it a line.
    pub(crate) async fn tell(&mut self, line: &str) -> anyhow::Result<()> {
        use tokio::io::AsyncWriteExt;
        self.stdin.write_all(format!("{line}\n").as_bytes()).await.context("it listens no more")?;
        Ok(self.stdin.flush().await?)
    }

    /// What it has used so far.
    pub(crate) fn usage(&self) -> anyhow::Result<Usage> {
        let pid = self.child.id().context("the process has ended")?;
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

    /// Ends it in good order.
    pub(crate) async fn terminate(mut self) -> anyhow::Result<()> {
        let pid = self.child.id().context("the process has ended by itself")?;
        let told = Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
        let ended = self.child.wait().await?;
        if !told.success() || !ended.success() {
            bail!("it did not end in good order: {ended}");
        }
        Ok(())
    }

    /// Ends it as a power cut would.
    pub(crate) async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}
