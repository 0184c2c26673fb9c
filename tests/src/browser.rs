//! A script of `ui/e2e` with a browser of its own, and what it says to the test that started it.

use crate::server::TestServer;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

/// How long a script may be silent. It has limits of its own, which say more than this one.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where Debian puts it.
const CHROMIUM: &str = "/usr/bin/chromium";

/// A running script. It ends, with its browser, when this is dropped.
#[derive(Debug)]
pub struct Script {
    name: String,
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<Value>,
    folder: TempDir,
}

impl Script {
    /// Starts a script and tells it about the floor.
    ///
    /// # Panics
    /// When node, Chromium or the UI's packages are missing.
    #[must_use]
    pub fn start(name: &str, server: &TestServer) -> Self {
        Self::start_with(name, server, &json!({}))
    }

    /// The same, told more than the floor.
    ///
    /// # Panics
    /// When node, Chromium or the UI's packages are missing.
    #[must_use]
    pub fn start_with(name: &str, server: &TestServer, more: &Value) -> Self {
        let ui = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("ui");
        assert!(ui.join("node_modules/playwright-core").is_dir(), "the UI's packages are missing: npm --prefix ui ci");
        assert!(Path::new(CHROMIUM).is_file(), "{CHROMIUM} is missing");
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = Command::new("node")
            .arg(ui.join(format!("e2e/{name}.mjs")))
            .current_dir(&ui)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.path().join("log")).expect("a log"))
            .spawn()
            .expect("node starts");
        let stdin = child.stdin.take().expect("stdin is piped");
        let stdout = child.stdout.take().expect("stdout is piped");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            let said = serde_json::Deserializer::from_reader(std::io::BufReader::new(stdout)).into_iter::<Value>();
            for value in said.map_while(Result::ok) {
                if sender.send(value).is_err() {
                    return;
                }
            }
        });
        let mut script = Self { name: name.to_owned(), child, stdin, lines, folder };
        let mut floor = server.ready.clone();
        floor["pictures"] = json!(pictures());
        floor["chromium"] = json!(CHROMIUM);
        for (member, value) in more.as_object().into_iter().flatten() {
            floor[member] = value.clone();
        }
        script.tell(&floor);
        script
    }

    /// Waits until the script asks for this.
    ///
    /// # Panics
    /// When it ends first, or asks for something else.
    pub fn wants(&mut self, order: &str) {
        match self.next() {
            Some(said) => assert_eq!(said["order"], order, "{}: {said}", self.name),
            None => panic!("{} ended before it asked for `{order}`:\n{}", self.name, self.log()),
        }
    }

    /// Tells the script that what it asked for has been done.
    ///
    /// # Panics
    /// When it is not there any more.
    pub fn done(&mut self, order: &str) {
        self.tell(&json!({"done": order}));
    }

    /// Waits until the script has come to its good end.
    ///
    /// # Panics
    /// When its end is not good; what it said is in the message.
    pub fn ends(mut self) {
        let left = self.next();
        assert!(left.is_none(), "{} wants what nobody does: {left:?}", self.name);
        let status = self.child.wait().expect("the process is ours");
        assert!(status.success(), "{}: {status}\n{}", self.name, self.log());
    }

    /// What it says next that is not for people; nothing at its end.
    fn next(&self) -> Option<Value> {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(said) => match said["say"].as_str() {
                    #[expect(clippy::print_stdout, reason = "a figure for people")]
                    Some(figure) => println!("{}: {figure}", self.name),
                    None => return Some(said),
                },
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return None,
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                    panic!("{} says nothing any more:\n{}", self.name, self.log())
                }
            }
        }
    }

    fn tell(&mut self, value: &Value) {
        let told = writeln!(self.stdin, "{value}");
        assert!(told.is_ok(), "{} does not listen: {told:?}\n{}", self.name, self.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // Chromium ends by itself when nobody holds the other end of its pipe.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Where pictures of what the tests saw are kept.
///
/// # Panics
/// When the folder can't be made.
#[must_use]
pub fn pictures() -> PathBuf {
    let built = crate::server::program();
    let folder = built.ancestors().nth(2).expect("target/debug/…").join("screenshots");
    std::fs::create_dir_all(&folder).expect("a folder for pictures");
    folder
}
