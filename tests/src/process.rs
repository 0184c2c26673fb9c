//! Processes of a test: started with it, found by their parents, and gone with it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A process that ends with its owner.
#[derive(Debug)]
pub struct Running(pub(crate) Child);

impl Running {
    /// A process that was started.
    #[must_use]
    pub fn of(child: Child) -> Self {
        Self(child)
    }

    /// Its id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts a program and reads the one line in which it says where it is found.
pub(crate) fn first_line(mut command: Command, log: &Path) -> (Running, String) {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(log).expect("a log"));
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}"));
    let stdout = child.stdout.take().expect("stdout is piped");
    let running = Running(child);
    let mut line = String::new();
    let read = BufReader::new(stdout).read_line(&mut line).expect("it speaks UTF-8");
    assert!(read > 0, "{name} ended: {}", std::fs::read_to_string(log).unwrap_or_default());
    (running, line.trim().to_owned())
}

/// Two ports for programs that can't choose for themselves: a driver and its driver, a proxy. Below those that the
/// system gives to whoever asks for any, and counted from this process, so that no other test has the same in mind.
///
/// # Panics
/// When none is free.
#[must_use]
pub fn ports() -> (u16, u16) {
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let first = u16::try_from(std::process::id() % 1_000).expect("below a thousand") * 10 + 20_000;
    let mut free = (0..1_000).map(|step| first + step).filter(|port| is_free(*port));
    (free.next().expect("a free port"), free.next().expect("another free port"))
}

pub(crate) fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

pub(crate) fn kill(pid: u32) {
    // It may have ended meanwhile.
    drop(Command::new("kill").args(["-KILL", &pid.to_string()]).stderr(Stdio::null()).status());
}

pub(crate) fn processes() -> Vec<u32> {
    let all = std::fs::read_dir("/proc").expect("this is Linux");
    all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
}

/// What the system says of a process, from its state on; nothing where there is none.
pub(crate) fn stat(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it may hold anything, a closing parenthesis as well.
    Some(stat.rsplit_once(')')?.1.trim_start().to_owned())
}

/// All that a process has started, and what those have.
pub(crate) fn descendants(of: u32) -> Vec<u32> {
    let parent = |pid: u32| -> Option<u32> { stat(pid)?.split_whitespace().nth(1)?.parse().ok() };
    let all: Vec<(u32, u32)> = processes().into_iter().filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let mut found = vec![of];
    let mut at = 0;
    while at < found.len() {
        let parent = found[at];
        found.extend(all.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        at += 1;
    }
    found.split_off(1)
}
