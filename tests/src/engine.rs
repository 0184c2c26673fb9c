//! A kiosk's engine as a process that a test can kill.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How long it may take to show something.
const PATIENCE: Duration = Duration::from_secs(45);

/// A running engine. It is killed when this is dropped.
#[derive(Debug)]
pub struct EngineProcess {
    child: Child,
    stdin: ChildStdin,
    lines: UnboundedReceiver<Value>,
    folder: Option<TempDir>,
    /// What it showed last.
    pub view: Value,
}

impl Drop for EngineProcess {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl EngineProcess {
    /// Starts the program on this folder.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(program: &Path, folder: TempDir) -> Self {
        let mut child = Command::new(program)
            .arg(folder.path().join("kiosk.db"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the engine starts");
        let (stdin, stdout) = (child.stdin.take().expect("is piped"), child.stdout.take().expect("is piped"));
        let (sender, lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let Ok(line) = serde_json::from_str(&line) else { return };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, stdin, lines, folder: Some(folder), view: Value::Null }
    }

    async fn line(&mut self, what: &str) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.lines.recv()).await;
        let Ok(Some(line)) = line else { panic!("{what}: nothing in time; shown is {:#}", self.view) };
        if line.get("view").is_some() {
            self.view.clone_from(&line["view"]);
        }
        line
    }

    /// Gives an order and waits until it is done: for a tap, until it is saved.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn order(&mut self, order: Value) {
        self.tell(&order);
        let problem = self.done(&order.to_string()).await;
        assert!(problem.is_null(), "{order}: {problem}");
    }

    /// Gives an order and does not wait for it.
    ///
    /// # Panics
    /// When the engine has ended.
    pub fn tell(&mut self, order: &Value) {
        writeln!(self.stdin, "{order}").expect("the engine reads");
    }

    /// Waits until an order is done: null, or the problem that stood against it.
    ///
    /// # Panics
    /// When it is not done in time.
    pub async fn done(&mut self, what: &str) -> Value {
        loop {
            let line = self.line(what).await;
            if let Some(problem) = line.get("done") {
                return problem.clone();
            }
        }
    }

    /// Stops it where it stands, or lets it go on: SIGSTOP, SIGCONT.
    ///
    /// # Panics
    /// When the process can't be told.
    pub fn stands(&self, still: bool) {
        let signal = if still { "-STOP" } else { "-CONT" };
        let told = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill runs");
        assert!(told.success(), "the process is ours");
    }

    /// Taps a status.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn tap(&mut self, status: &str) {
        self.order(json!({"do": "status", "status": status})).await;
    }

    /// Waits until it shows this.
    ///
    /// # Panics
    /// When it does not.
    pub async fn shows(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) {
        while self.view.is_null() || !wanted(&self.view) {
            self.line(what).await;
        }
    }

    /// Ends it as a power cut would, and leaves its disk.
    ///
    /// # Panics
    /// When the process can't be killed.
    #[must_use]
    pub fn kill9(mut self) -> TempDir {
        self.child.kill().expect("the process is ours");
        self.child.wait().expect("it ends");
        self.folder.take().expect("it has a folder")
    }
}
