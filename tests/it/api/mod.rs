//! The HTTP interface, called on the real server as an outside client calls it.

mod access;
mod actions;
mod amendments;
mod assignments;
mod back;
mod checklists;
mod claims;
mod corrections;
mod desk;
mod devices;
mod fence;
mod flow;
mod history;
mod jobs;
mod late;
mod people;
mod plant;
mod process;
mod reasons;
mod sessions;
mod stations;
mod statuses;
mod watch;

use millrace_domain::{Chance, Clock, SystemChance, SystemClock};
use millrace_tests::call::{Answer, Caller};
use millrace_tests::server::{TestServer, program};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

/// A new UUIDv7.
fn uuid() -> String {
    SystemChance.uuid(SystemClock::new().now()).to_string()
}

/// A worker at a kiosk with a session he opened.
#[derive(Debug)]
struct Stand {
    caller: Caller,
    station: String,
    session: String,
    instance: String,
    epoch: u64,
    seq: u64,
    now: String,
    statuses: Vec<Value>,
}

impl Stand {
    /// Signs in and opens a session: kiosk, worker and station of the same number.
    async fn open(server: &TestServer, number: usize) -> Self {
        Self::open_as(server, number, number).await
    }

    /// Signs this worker in at this kiosk and opens a session at its station.
    async fn open_as(server: &TestServer, kiosk: usize, worker: usize) -> Self {
        let caller = Caller::kiosk(server, kiosk).signed_in(server, worker).await;
        let station = station(server, kiosk);
        let instance = uuid();
        let opened = caller.post("/api/sessions", json!({"stationId": station, "instanceId": instance})).await.ok();
        Self::of(caller, station, instance, &opened).await
    }

    /// From the answer that gave the claim.
    async fn of(caller: Caller, station: String, instance: String, claimed: &Value) -> Self {
        let statuses = caller.get(&format!("/api/statuses?stationId={station}")).await.ok();
        Self {
            session: text(&claimed["session"]["id"]),
            epoch: claimed["epoch"].as_u64().expect("an epoch"),
            seq: claimed["lastSeq"].as_u64().expect("a sequence number"),
            now: text(&claimed["serverTime"]),
            statuses: statuses["statuses"].as_array().expect("a list").clone(),
            caller,
            station,
            instance,
        }
    }

    /// The id of the status with this key.
    fn status(&self, key: &str) -> String {
        text(&self.statuses.iter().find(|status| status["key"] == key).expect("a status of the demo")["id"])
    }

    /// The next action's stamp, tapped when the server last told its time.
    fn stamp(&mut self) -> Value {
        self.seq += 1;
        json!({"seq": self.seq, "instanceId": self.instance, "epoch": self.epoch, "occurredAt": self.now})
    }

    /// The body of a change of status.
    fn change(&mut self, key: &str) -> Value {
        json!({"sessionId": self.session, "statusDefinitionId": self.status(key), "action": self.stamp()})
    }

    /// Works on the first item that this station has without an approval.
    async fn bind(&mut self) -> Answer {
        let list = self.caller.get(&format!("/api/stations/{}/job-items", self.station)).await.ok();
        let items = list["jobItems"].as_array().expect("a list");
        let item = items.iter().find(|item| item["firstProductApproval"] == false).expect("an item that can be made");
        let body = json!({
            "sessionId": self.session,
            "jobItemId": item["id"],
            "stepId": item["stepId"],
            "action": self.stamp(),
        });
        self.caller.post("/api/sessions/bind-job-item", body).await
    }

    /// Enters a status; before production an item is bound.
    async fn enter(&mut self, key: &str) -> Answer {
        if key == "production" {
            drop(self.bind().await.ok());
        }
        let body = self.change(key);
        self.caller.post("/api/status-events", body).await
    }

    /// Enters a status with the item that is bound, or with none.
    async fn enter_bound(&mut self, key: &str) -> Answer {
        let body = self.change(key);
        self.caller.post("/api/status-events", body).await
    }

    async fn end(&mut self) -> Answer {
        let body = json!({"sessionId": self.session, "action": self.stamp()});
        self.caller.post("/api/sessions/complete", body).await
    }

    fn heart(&self) -> Value {
        json!({"sessionId": self.session, "instanceId": self.instance, "epoch": self.epoch})
    }

    async fn beat(&mut self) -> Answer {
        let answer = self.caller.post("/api/sessions/heartbeat", self.heart()).await;
        if let Some(now) = answer.body["serverTime"].as_str() {
            now.clone_into(&mut self.now);
        }
        answer
    }
}

/// The id of the station with this number.
fn station(server: &TestServer, number: usize) -> String {
    text(&server.ready["stations"][number]["id"])
}

/// The code of the worker with this number.
fn worker(server: &TestServer, number: usize) -> String {
    text(&server.ready["workers"][number]["code"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The open sessions as a supervisor sees them, with their position. A snapshot may be a second old: it is let pass.
async fn snapshot(server: &TestServer, admin: &Caller) -> Value {
    server.advance(1_001);
    admin.get("/api/admin/dashboard/active-sessions/stream?snapshot=1").await.ok()
}

/// The open sessions as a supervisor sees them.
async fn board(server: &TestServer, admin: &Caller) -> Vec<Value> {
    snapshot(server, admin).await["sessions"].as_array().expect("a list").clone()
}

/// A supervisor who is no administrator, logged in.
async fn supervisor(server: &TestServer) -> Caller {
    supervisor_as(server, "supervisor").await
}

/// A user who is added by the command line in this role, logged in.
async fn supervisor_as(server: &TestServer, role: &str) -> Caller {
    let mut add = Command::new(program())
        .args(["user", "add", "sam", "--role", role, "--data-dir"])
        .arg(server.data_dir())
        .env_remove("MILLRACE_DATA_DIR")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    add.stdin.take().unwrap().write_all(b"correct horse\n").unwrap();
    assert!(add.wait().unwrap().success());
    let nobody = Caller::nobody(server);
    let login = nobody.post("/api/admin/login", json!({"username": "sam", "password": "correct horse"})).await.ok();
    nobody.with_token(&text(&login["token"]))
}

/// A list as a file for spreadsheets.
async fn csv(caller: &Caller, path: &str) -> String {
    let response = caller.request(Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()[CONTENT_TYPE], "text/csv; charset=utf-8");
    let bytes = response.bytes().await.unwrap();
    let text = std::str::from_utf8(&bytes).unwrap();
    text.strip_prefix('\u{feff}').expect("spreadsheets look for the mark").to_owned()
}

/// How many rows the audit log holds about one kind of thing.
async fn audited(server: &TestServer, thing: &str) -> i64 {
    let query = format!("SELECT count(*) FROM audit_log WHERE object LIKE '{thing} %'");
    millrace_tests::sql::count(&server.data_dir().join("millrace.db"), &query).await
}
