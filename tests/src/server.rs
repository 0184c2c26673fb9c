//! The real server as a process of its own, on a data directory of its own.

use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a server may take to say a line. Generous: a loaded machine is not what is tested here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `millrace-server`. It ends when this is dropped.
#[derive(Debug)]
pub struct TestServer {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<Value>,
    folder: TempDir,
    /// What its ready line said.
    pub ready: Value,
    /// Where it listens.
    pub url: String,
}

impl TestServer {
    /// A demo floor on a new data directory, with the clock that tests drive. Nobody has worked there yet,
    /// unless `--history` says otherwise.
    ///
    /// # Panics
    /// When the server does not get ready; its log is in the message.
    #[must_use]
    pub fn demo(args: &[&str]) -> Self {
        Self::demo_in(tempfile::tempdir().expect("a folder"), args)
    }

    /// The same on a data directory that an earlier server left.
    ///
    /// # Panics
    /// When the server does not get ready; its log is in the message.
    #[must_use]
    pub fn demo_in(folder: TempDir, args: &[&str]) -> Self {
        Self::demo_at(folder, "127.0.0.1:0", args)
    }

    /// The same at a chosen address: where those who knew the earlier server look for it.
    ///
    /// # Panics
    /// When the server does not get ready; its log is in the message.
    #[must_use]
    pub fn demo_at(folder: TempDir, listen: &str, args: &[&str]) -> Self {
        let history = if args.contains(&"--history") { [].as_slice() } else { &["--history", "none"] };
        Self::start(folder, "demo", listen, &[&["--test-clock"], history, args].concat())
    }

    /// A plant of its own, with nothing on its floor but what `serve` itself brings.
    ///
    /// # Panics
    /// When the server does not get ready; its log is in the message.
    #[must_use]
    pub fn plain() -> Self {
        Self::start(tempfile::tempdir().expect("a folder"), "serve", "127.0.0.1:0", &[])
    }

    /// The server as plants run it, on a data directory that a demo left. It says nothing of whom that knows.
    ///
    /// # Panics
    /// When the server does not get ready; its log is in the message.
    #[must_use]
    pub fn serve_in(folder: TempDir, args: &[&str]) -> Self {
        Self::start(folder, "serve", "127.0.0.1:0", &[&["--test-clock"], args].concat())
    }

    fn start(folder: TempDir, verb: &str, listen: &str, args: &[&str]) -> Self {
        let log = folder.path().join("server.log");
        let data = folder.path().join("data");
        let mut child = Command::new(program())
            .args([verb, "--listen", listen, "--data-dir"])
            .arg(&data)
            .args(args)
            .env_remove("MILLRACE_LISTEN")
            .env_remove("MILLRACE_DATA_DIR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).expect("a log"))
            .spawn()
            .expect("the server starts");
        let stdin = child.stdin.take().expect("stdin is piped");
        let stdout = child.stdout.take().expect("stdout is piped");
        let (sender, lines) = channel::<Value>();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let Ok(value) = serde_json::from_str(&line) else { continue };
                if sender.send(value).is_err() {
                    return;
                }
            }
        });
        let Ok(ready) = lines.recv_timeout(PATIENCE) else {
            // The child is ours and of no use; whether it can still be killed does not matter.
            drop(child.kill());
            panic!("the server is not ready; its log:\n{}", std::fs::read_to_string(&log).unwrap_or_default());
        };
        let url = ready["url"].as_str().expect("the ready line names the address").to_owned();
        Self { child, stdin, lines, folder, ready, url }
    }

    /// The process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its data directory.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What it has logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }

    /// Lets time pass on the server's clock, and waits until it has.
    ///
    /// # Panics
    /// When the server does not answer.
    pub fn advance(&self, millis: u64) {
        self.order(&format!("advance {millis}"), "advanced");
    }

    /// Sets the server's wall clock without any time passing.
    ///
    /// # Panics
    /// When the server does not answer.
    pub fn jump_wall(&self, millis: i64) {
        self.order(&format!("jump-wall {millis}"), "jumpedWall");
    }

    fn order(&self, line: &str, answer: &str) {
        writeln!(&self.stdin, "{line}").expect("the server reads");
        match self.lines.recv_timeout(PATIENCE) {
            Ok(said) => assert!(said.get(answer).is_some(), "{line}: {said}"),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                panic!("{line}: no answer; the server's log:\n{}", self.log())
            }
        }
    }

    /// Ends it as a power cut would; the data directory can be started on again.
    ///
    /// # Panics
    /// When the process can't be killed.
    #[must_use]
    pub fn kill9(mut self) -> TempDir {
        self.child.kill().expect("the process is ours");
        self.child.wait().expect("it ends");
        self.take_folder()
    }

    /// Ends it in good order; says how, and how long that took.
    ///
    /// # Panics
    /// When it does not end within the limit of these tests.
    #[must_use]
    pub fn term(mut self) -> (ExitStatus, Duration, TempDir) {
        let began = Instant::now();
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success(), "the process is ours");
        loop {
            if let Some(status) = self.child.try_wait().expect("the process is ours") {
                return (status, began.elapsed(), self.take_folder());
            }
            assert!(began.elapsed() < PATIENCE, "SIGTERM does not end it; its log:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn take_folder(&mut self) -> TempDir {
        std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a folder"))
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// `millrace-server`, built beside the tests' own program.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn program() -> PathBuf {
    let here = std::env::current_exe().expect("this program has a path");
    let built = here.ancestors().find(|folder| folder.ends_with("deps")).and_then(Path::parent);
    let program = built.expect("tests run from target/…/deps").join("millrace-server");
    assert!(program.is_file(), "{} is missing: cargo build -p millrace-server", program.display());
    program
}
