//! Live streams of the real server, read as anybody would read them.

mod all;
mod clients;
mod crowd;
mod cut;
mod deaf;
mod oracle;
mod proxy;
mod readers;

use millrace_domain::{Chance, Clock, SystemChance, SystemClock};
use millrace_tests::call::{Answer, Caller};
use millrace_tests::events::Event;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A worker at a kiosk: what he does, whether it is allowed or not.
struct Hand {
    caller: Caller,
    station: String,
    worker: String,
    claim: Option<Claim>,
    seq: u64,
}

struct Claim {
    session: String,
    instance: String,
    epoch: u64,
    now: String,
}

impl Hand {
    /// Kiosk, worker and station of this number; signed in.
    async fn at(server: &TestServer, number: usize) -> Self {
        let caller = Caller::kiosk(server, number).signed_in(server, number).await;
        let stations = server.ready["stations"].as_array().expect("stations");
        let station = stations[number]["id"].as_str().expect("an id").to_owned();
        let code = server.ready["workers"][number]["code"].clone();
        let admin = Caller::admin(server).await;
        let reasons = caller.get(&format!("/api/reasons?stationId={station}&type=malfunction")).await.ok();
        if reasons["reasons"].as_array().is_some_and(Vec::is_empty) {
            let reason = json!({"type": "malfunction", "labels": {"en": "Broken"}, "stationId": station});
            drop(admin.post("/api/admin/reasons", reason).await.ok());
        }
        let worker = admin.get("/api/admin/workers?limit=500").await.ok();
        let worker = worker["items"].as_array().expect("workers").iter().find(|worker| worker["code"] == code);
        let worker = worker.expect("the worker")["id"].as_str().expect("an id").to_owned();
        Self { caller, station, worker, claim: None, seq: 0 }
    }

    async fn open(&mut self) -> Answer {
        let instance = SystemChance.uuid(SystemClock::new().now()).to_string();
        let answer =
            self.caller.post("/api/sessions", json!({"stationId": self.station, "instanceId": instance})).await;
        if let Some(session) = answer.body["session"]["id"].as_str() {
            self.seq = answer.body["lastSeq"].as_u64().unwrap_or(self.seq);
            self.claim = Some(Claim {
                session: session.to_owned(),
                instance,
                epoch: answer.body["epoch"].as_u64().expect("an epoch"),
                now: answer.body["serverTime"].as_str().expect("a time").to_owned(),
            });
        }
        answer
    }

    /// A worker action: the body gets the session and the claim.
    async fn act(&mut self, path: &str, mut body: Value) -> Answer {
        let claim = self.claim.as_ref().expect("a session");
        self.seq += 1;
        body["sessionId"] = json!(claim.session);
        body["action"] = json!({
            "seq": self.seq, "instanceId": claim.instance, "epoch": claim.epoch, "occurredAt": claim.now,
        });
        self.caller.post(path, body).await
    }

    async fn enter(&mut self, key: &str, mut body: Value) -> Answer {
        let statuses = self.caller.get(&format!("/api/statuses?stationId={}", self.station)).await.ok();
        let statuses = statuses["statuses"].as_array().expect("statuses").clone();
        let status = statuses.iter().find(|status| status["key"] == key).expect("a status of the demo");
        body["statusDefinitionId"] = status["id"].clone();
        if status["reportType"] == "malfunction" {
            let reasons = self.caller.get(&format!("/api/reasons?stationId={}&type=malfunction", self.station)).await;
            let reason = reasons.ok()["reasons"][0]["id"].clone();
            body["report"] = json!({"type": "malfunction", "reasonId": reason, "description": "smoke"});
        }
        self.act("/api/status-events", body).await
    }

    /// Binds this item, whose only step is here, and produces.
    async fn produce(&mut self, item: &Value) -> Answer {
        let body = json!({"jobItemId": item["id"], "stepId": item["steps"][0]["id"]});
        drop(self.act("/api/sessions/bind-job-item", body).await);
        self.enter("production", json!({})).await
    }

    async fn count(&mut self, good: u64, scrap: u64) -> Answer {
        let quantities = json!({"good": good, "scrap": scrap, "note": "counted"});
        self.act("/api/sessions/quantities", json!({"quantities": quantities})).await
    }

    async fn end(&mut self) -> Answer {
        let answer = self.act("/api/sessions/complete", json!({})).await;
        if answer.status < 300 {
            self.claim = None;
        }
        answer
    }

    fn session(&self) -> &str {
        &self.claim.as_ref().expect("a session").session
    }
}

/// A job with one item for each of these stations: an item has one step.
async fn job(admin: &Caller, number: &str, stations: &[&str]) -> Value {
    let made = admin.post("/api/admin/jobs", json!({"number": number, "customer": "Oracle"})).await.ok();
    let id = made["id"].as_str().expect("an id").to_owned();
    for station in stations {
        let item = json!({"name": format!("Part {number}"), "plannedQuantity": 10, "steps": [{"stationId": station}]});
        drop(admin.post(&format!("/api/admin/jobs/{id}/items"), item).await.ok());
    }
    admin.get(&format!("/api/admin/jobs/{id}")).await.ok()
}

/// Moves a report, as it is now, to this state.
async fn move_report(admin: &Caller, id: &str, state: &str) -> Answer {
    let path = format!("/api/admin/reports/{id}");
    let version = admin.get(&path).await.headers["etag"].clone();
    let request = admin.request(reqwest::Method::POST, &format!("{path}/state")).header("if-match", version);
    millrace_tests::call::send(request.json(&json!({"state": state}))).await
}

/// What a client knows: rows by topic, kind and id.
#[derive(Debug, Default, Clone, PartialEq)]
struct Seen {
    rows: BTreeMap<String, Value>,
    cursor: Option<String>,
    offset: u64,
    initials: Vec<Value>,
}

/// The lists and the single rows that events carry.
const LISTS: [(&str, &str); 6] = [
    ("sessions", "session"),
    ("stations", "station"),
    ("reports", "report"),
    ("jobs", "job"),
    ("notifications", "notification"),
    ("statusEvents", "statusEvent"),
];

impl Seen {
    /// Takes an event of a stream. A topic's own name is in it where a connection has several.
    fn hear(&mut self, event: &Event) {
        let data = &event.data;
        if event.name == "goodbye" {
            return;
        }
        let offset = data["offset"].as_u64().expect("an offset");
        assert!(offset >= self.offset || event.name == "initial", "{} {offset} after {}", event.name, self.offset);
        self.offset = offset;
        let topic = data["topic"].as_str().unwrap_or_default().to_owned();
        match event.name.as_str() {
            "initial" => {
                self.rows.retain(|key, _| !key.starts_with(&format!("{topic}|")));
                self.initials.push(data["reason"].clone());
                for (list, kind) in LISTS {
                    for row in data[list].as_array().into_iter().flatten() {
                        self.put(&topic, kind, row);
                    }
                }
                self.one(&topic, data);
            }
            "delete" => {
                let id = ["sessionId", "stationId", "jobId", "id"].iter().find_map(|member| data[*member].as_str());
                let id = id.expect("what is gone");
                self.rows.retain(|key, _| !(key.starts_with(&format!("{topic}|")) && key.ends_with(id)));
            }
            "heartbeat" | "change" => {}
            _ => self.one(&topic, data),
        }
        if let Some(id) = &event.id {
            self.cursor = Some(id.clone());
        }
    }

    fn one(&mut self, topic: &str, data: &Value) {
        for (_, kind) in LISTS {
            if data[kind].is_object() {
                self.put(topic, kind, &data[kind]);
            }
        }
        if data["stationOptions"].is_array() {
            self.rows.insert(format!("{topic}|options"), json!([data["stationOptions"], data["jobItems"]]));
        }
    }

    fn put(&mut self, topic: &str, kind: &str, row: &Value) {
        self.rows.insert(format!("{topic}|{kind}|{}", row["id"].as_str().expect("an id")), row.clone());
    }

    /// What `?snapshot=1` of one topic says, as a client would know it.
    fn of(snapshot: &Value) -> Self {
        let mut seen = Self::default();
        let topics = snapshot["topics"].as_array().cloned().unwrap_or_else(|| vec![snapshot.clone()]);
        for data in topics {
            seen.hear(&Event { name: "initial".into(), id: None, data });
        }
        seen
    }
}

/// The address of a stream with `?snapshot=1`.
fn snapshot_of(path: &str) -> String {
    format!("{path}{}snapshot=1", if path.contains('?') { '&' } else { '?' })
}
