//! The built app on a screen and a session bus of its own, driven through WebDriver as a worker's finger would.
//!
//! What is waited for is what the page shows; nothing here knows how it comes about. All processes stay in the
//! test's own process group, so that a runner that ends the test ends them, too.

use crate::browser::pictures;
use crate::process::{Running, descendants, first_line, kill, listens, ports, processes, stat};
use crate::server::TestServer;
use crate::sql::count;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a screen may take to show something. Generous: a loaded machine is not what is tested here.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(20);

/// The size of the screen in memory: what a kiosk's panel has.
const SIZE: &str = "1280x800x24";

/// A screen in memory, with or without a session bus.
#[derive(Debug)]
pub struct Screen {
    display: String,
    bus: Option<String>,
    folder: TempDir,
    // Dropped last to first would cut the screen from under the bus; neither minds.
    _processes: Vec<Running>,
}

impl Screen {
    /// A screen and a session bus that nobody else knows.
    ///
    /// # Panics
    /// When Xvfb or dbus-daemon are missing or don't start.
    #[must_use]
    pub fn new() -> Self {
        let mut screen = Self::without_bus();
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let (daemon, address) = first_line(daemon, &screen.log("dbus"));
        screen._processes.push(daemon);
        screen.bus = Some(address);
        screen
    }

    /// A screen on which no session bus can be asked.
    ///
    /// # Panics
    /// When Xvfb is missing or does not start.
    #[must_use]
    pub fn without_bus() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut xvfb = Command::new("Xvfb");
        // It takes the first number that is free and says which: two tests never meet on one.
        xvfb.args(["-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"]);
        let (xvfb, number) = first_line(xvfb, &folder.path().join("xvfb.log"));
        Self { display: format!(":{number}"), bus: None, folder, _processes: vec![xvfb] }
    }

    /// A program that sees this screen and this bus, and none of the machine's own.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            // An address that says so, or libraries would start a bus by themselves.
            .env("DBUS_SESSION_BUS_ADDRESS", self.bus.as_deref().unwrap_or("disabled:"))
            .env("NO_AT_BRIDGE", "1")
            .env("GDK_BACKEND", "x11")
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("LANG", "C.UTF-8")
            .env_remove("WAYLAND_DISPLAY");
        for name in ["DATA_DIR", "ROLE", "SERVER", "ENROLL", "ENROLMENT_FILE", "MODE"] {
            command.env_remove(format!("MILLRACE_KIOSK_{name}"));
        }
        command.stdin(Stdio::null());
        command
    }

    /// The app, started by hand: no driver has it.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start(&self, app: &App) -> Running {
        let log = File::create(self.log("by-hand")).expect("a log");
        let mut command = self.command(program());
        command.args(app.arguments()).stdout(Stdio::null()).stderr(log);
        Running(command.spawn().expect("the app starts"))
    }

    /// A further start of the app: waits until it ends, says how, and what it said.
    ///
    /// # Panics
    /// When it does not end by itself.
    #[must_use]
    pub fn start_again(&self, app: &App) -> Output {
        let mut command = self.command(program());
        command.args(app.arguments()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the app starts");
        let began = Instant::now();
        while child.try_wait().expect("the process is ours").is_none() {
            if began.elapsed() > PATIENCE {
                drop(child.kill());
                panic!("a second start does not end: {:?}", child.wait_with_output());
            }
            std::thread::sleep(LOOK);
        }
        child.wait_with_output().expect("it has ended")
    }

    /// The ids of the app's windows, the topmost first.
    ///
    /// # Panics
    /// When xwininfo is missing.
    #[must_use]
    pub fn windows(&self) -> Vec<String> {
        let output = self.command("xwininfo").args(["-root", "-children"]).output().expect("xwininfo runs");
        let listed = String::from_utf8_lossy(&output.stdout).into_owned();
        let ours = listed.lines().filter(|line| line.contains("\"Millrace\""));
        // GTK makes a helper window of 10 by 10 under the same name.
        let shown = ours.filter(|line| !line.contains(" 10x10+"));
        shown.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
    }

    /// Waits until the app's windows are as wanted.
    ///
    /// # Panics
    /// When they don't become so.
    pub async fn windows_are(&self, what: &str, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
        let began = Instant::now();
        loop {
            let windows = self.windows();
            if wanted(&windows) {
                return windows;
            }
            assert!(began.elapsed() < PATIENCE, "{what}: {windows:?}\n{}", self.logs());
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Opens the app under a driver.
    ///
    /// # Panics
    /// When tauri-driver or WebKitWebDriver are missing, or the window does not open.
    pub async fn open(&self, app: &App) -> Window {
        let (port, native) = ports();
        let log = File::create(self.log("driver")).expect("a log");
        let mut command = self.command(driver());
        command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        // The app's own log comes this way, too.
        command.stdout(Stdio::null()).stderr(log);
        let driver = Running(command.spawn().expect("tauri-driver starts"));
        let options = json!({"application": app.program(), "args": app.arguments()});
        let serde_json::Value::Object(capabilities) = json!({"tauri:options": options}) else { unreachable!() };
        let began = Instant::now();
        while !listens(port) || !listens(native) {
            assert!(began.elapsed() < PATIENCE, "the driver does not listen:\n{}", self.logs());
            tokio::time::sleep(LOOK).await;
        }
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}");
        let session = builder.capabilities(capabilities).connect(&address);
        let page = match tokio::time::timeout(PATIENCE, session).await {
            Ok(Ok(page)) => page,
            other => panic!("the window does not open: {other:?}\n{}", self.logs()),
        };
        Window { page, driver }
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }

    /// What the programs on this screen have said.
    #[must_use]
    pub fn logs(&self) -> String {
        let read = |name| std::fs::read_to_string(self.log(name)).unwrap_or_default();
        format!("driver and app:\n{}\nby hand:\n{}", read("driver"), read("by-hand"))
    }
}

impl Default for Screen {
    fn default() -> Self {
        Self::new()
    }
}

/// An installation of the app: its data directory, and whose kiosk it is.
#[derive(Debug)]
pub struct App {
    folder: TempDir,
    role: &'static str,
    enrolled: bool,
}

impl App {
    /// The kiosk with this number in the demo.
    ///
    /// # Panics
    /// When the demo has no such kiosk, or the disk is full.
    #[must_use]
    pub fn kiosk(server: &TestServer, number: usize) -> Self {
        Self::kiosk_by(server, number, &server.url)
    }

    /// The same by way of another address: that of a switch before the server.
    ///
    /// # Panics
    /// As [`App::kiosk`].
    #[must_use]
    pub fn kiosk_by(server: &TestServer, number: usize, url: &str) -> Self {
        let kiosk = &server.ready["kiosks"][number];
        let code = &kiosk["stationCode"];
        let stations = server.ready["stations"].as_array().expect("stations");
        let station = stations.iter().find(|station| station["code"] == *code).expect("the kiosk's station");
        let identity = json!({
            "serverUrl": url,
            "kioskId": kiosk["id"],
            "kioskName": format!("Kiosk {}", code.as_str().expect("a code")),
            "token": kiosk["token"],
            "stationId": station["id"],
        });
        let app = Self { folder: tempfile::tempdir().expect("a folder"), role: "kiosk", enrolled: true };
        let file = app.enrolment();
        std::fs::write(&file, identity.to_string()).expect("a file");
        // It holds a secret; the app refuses one that others can read.
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&file, mode).expect("the file is ours");
        app
    }

    /// A supervisor's desk that nobody has logged in to.
    ///
    /// # Panics
    /// When the disk is full.
    #[must_use]
    pub fn desk() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), role: "desk", enrolled: false }
    }

    /// From now on it is started as it is on the floor: with what is on its own disk, and no more.
    ///
    /// # Panics
    /// When there was no enrolment.
    pub fn forget_enrolment_file(&mut self) {
        std::fs::remove_file(self.enrolment()).expect("there is an enrolment");
        self.enrolled = false;
    }

    /// Its disk takes nothing any more, or takes it again. From then on the app is started without the right to
    /// write where a mode forbids it, which root would have.
    ///
    /// # Panics
    /// When the modes can't be set.
    pub fn disk_takes(&self, writing: bool) {
        let script = format!(
            "#!/bin/sh\n[ \"$(id -u)\" = 0 ] || exec '{0}' \"$@\"\nexec setpriv --bounding-set=-all --inh-caps=-all '{0}' \"$@\"\n",
            program().display()
        );
        std::fs::write(self.without_rights(), script).expect("a file");
        let may = if writing { "u+w" } else { "a-w" };
        let set = Command::new("chmod").args(["-R", may]).arg(self.data_dir()).status().expect("chmod runs");
        let runs = Command::new("chmod").arg("u+x").arg(self.without_rights()).status().expect("chmod runs");
        assert!(set.success() && runs.success(), "the files are ours");
    }

    /// Waits until it has on its disk what it needs to start sessions without the server.
    ///
    /// # Panics
    /// When that does not come.
    pub async fn is_provided(&self) {
        let (database, began) = (self.data_dir().join("kiosk.db"), Instant::now());
        while count(&database, "SELECT count(*) FROM remembered WHERE name = 'provisions'").await == 0 {
            assert!(began.elapsed() < PATIENCE, "no provisions");
            tokio::time::sleep(LOOK).await;
        }
    }

    fn without_rights(&self) -> PathBuf {
        self.folder.path().join("without-rights")
    }

    fn program(&self) -> PathBuf {
        let own = self.without_rights();
        if own.is_file() { own } else { program() }
    }

    fn enrolment(&self) -> PathBuf {
        self.folder.path().join("enrolment.json")
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn arguments(&self) -> Vec<String> {
        let text = |path: PathBuf| path.to_str().expect("a readable path").to_owned();
        let mut arguments = vec!["--role".into(), self.role.into(), "--data-dir".into(), text(self.data_dir())];
        if self.enrolled {
            arguments.extend(["--enrolment-file".into(), text(self.enrolment())]);
        }
        arguments
    }

    /// Ends the program as a power cut would.
    ///
    /// # Panics
    /// When it is not running.
    pub fn kill9(&self) {
        let data_dir = self.data_dir();
        let ours = processes().into_iter().find(|pid| {
            let command = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let mut words = command.split(|byte| *byte == 0);
            words.next().is_some_and(|program| program.ends_with(b"/millrace-kiosk"))
                && words.any(|word| word == data_dir.as_os_str().as_encoded_bytes())
        });
        let pid = ours.expect("the app is running");
        kill(pid);
        // It is gone once it has let go of its files, its lock and its place on the bus.
        let began = Instant::now();
        while stat(pid).is_some_and(|stat| !stat.starts_with('Z')) {
            assert!(began.elapsed() < PATIENCE, "kill -9 does not end it");
            std::thread::sleep(LOOK);
        }
    }
}

/// The app's window under a driver.
#[derive(Debug)]
pub struct Window {
    page: Client,
    driver: Running,
}

impl Window {
    /// Waits until this is on the page.
    ///
    /// # Panics
    /// When it does not come; a picture of what is shown instead is in `target/screenshots`.
    pub async fn shows(&self, selector: &str) -> fantoccini::elements::Element {
        let wait = self.page.wait().at_most(PATIENCE).every(LOOK);
        match wait.for_element(Locator::Css(selector)).await {
            Ok(element) => element,
            Err(error) => {
                let text = match self.page.find(Locator::Css("body")).await {
                    Ok(body) => body.text().await.unwrap_or_default(),
                    Err(error) => error.to_string(),
                };
                self.picture("failed").await;
                panic!("`{selector}` is not shown: {error}\nthe page says:\n{text}");
            }
        }
    }

    /// Waits until the part with this name is on the page, and reads it.
    ///
    /// # Panics
    /// When it does not come, or goes while it is read.
    pub async fn text(&self, name: &str) -> String {
        let part = self.shows(&format!("[data-testid='{name}']")).await;
        // Not the driver's own idea of visible text: to it a page that was just drawn is empty.
        part.prop("textContent").await.expect("the text can be read").unwrap_or_default()
    }

    /// Waits until the part with this name takes a finger, and taps it. A screen that has just changed takes none.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn tap(&self, name: &str) {
        let part = format!("[data-guard='open'] [data-testid='{name}']:not([data-disabled])");
        self.shows(&part).await.click().await.expect("it can be tapped");
    }

    /// Signs a worker of the demo in, digit by digit.
    ///
    /// # Panics
    /// When the sign-in does not lead on.
    pub async fn sign_in(&self, server: &TestServer, number: usize) {
        self.sign_in_as(&server.ready["workers"][number]).await;
    }

    /// The same with the server off: what its ready line said of the worker.
    ///
    /// # Panics
    /// When the sign-in does not lead on.
    pub async fn sign_in_as(&self, worker: &serde_json::Value) {
        for (step, digits) in [("code", &worker["code"]), ("pin", &worker["pin"])] {
            let Some(digits) = digits.as_str() else { continue };
            self.shows(&format!("[data-testid='signin-code'][data-step='{step}']")).await;
            for digit in digits.chars() {
                self.tap(&format!("signin-key-{digit}")).await;
            }
            self.tap("signin-submit").await;
        }
    }

    /// The answer of a script in the page.
    ///
    /// # Panics
    /// When the script fails.
    pub async fn ask(&self, script: &str) -> serde_json::Value {
        self.page.execute(script, Vec::new()).await.expect("the script runs")
    }

    /// Keeps a picture of the window for people to look at, in `target/screenshots`.
    ///
    /// # Panics
    /// When there is nothing to take a picture of.
    pub async fn picture(&self, name: &str) {
        // What the page holds is drawn a frame or two later, and a picture is of what was drawn.
        let drawn = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(true)))";
        drop(self.page.execute_async(drawn, Vec::new()).await.expect("the page is drawn"));
        let picture = self.page.screenshot().await.expect("a picture");
        std::fs::write(pictures().join(format!("{name}.png")), picture).expect("the picture is kept");
    }

    /// Closes the window in good order.
    ///
    /// # Panics
    /// When the driver does not answer.
    pub async fn close(self) {
        self.page.clone().close().await.expect("the window closes");
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // The driver would leave its own children behind.
        for pid in descendants(self.driver.pid()) {
            kill(pid);
        }
    }
}

/// The app, built beside the server.
fn program() -> PathBuf {
    let program = crate::server::program().with_file_name("millrace-kiosk");
    assert!(program.is_file(), "{} is missing: cargo build -p millrace-shell", program.display());
    program
}

/// tauri-driver: the one that `scripts/test` has put beside the sources, or the one on the path.
fn driver() -> PathBuf {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(".tools").join("bin/tauri-driver");
    if ours.is_file() { ours } else { "tauri-driver".into() }
}
