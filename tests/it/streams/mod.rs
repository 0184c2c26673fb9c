//! Live streams of the real server, read as anybody would read them.

mod all;
mod clients;
mod crowd;
mod cut;
mod deaf;
mod limits;
mod oracle;
mod proxy;
mod readers;
mod restore;
mod rights;

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
        self.claimed(&answer, instance);
        answer
    }

    /// Takes what an opening, a takeover or a handover gave; says whether it gave anything.
    fn claimed(&mut self, answer: &Answer, instance: String) -> bool {
        let Some(epoch) = answer.body["epoch"].as_u64() else { return false };
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        self.seq = answer.body["lastSeq"].as_u64().unwrap_or(self.seq);
        self.claim = Some(Claim {
            session: text(&answer.body["session"]["id"]),
            instance,
            epoch,
            now: text(&answer.body["serverTime"]),
        });
        true
    }

    /// A worker action: the body gets the session and the claim.
    async fn act(&mut self, path: &str, mut body: Value) -> Answer {
        body["sessionId"] = json!(self.session());
        body["action"] = self.stamp();
        self.caller.post(path, body).await
    }

    /// Takes back what the last action did.
    async fn undo(&mut self) -> Answer {
        let undoes = self.seq;
        let body = json!({"undoes": undoes, "action": self.stamp()});
        self.caller.post("/api/actions/undo", body).await
    }

    /// The next number, under the claim.
    fn stamp(&mut self) -> Value {
        let claim = self.claim.as_ref().expect("a session");
        self.seq += 1;
        json!({"seq": self.seq, "instanceId": claim.instance, "epoch": claim.epoch, "occurredAt": claim.now})
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

/// The id of a status that can be entered at a hand's station.
async fn status_of(hand: &Hand, key: &str) -> String {
    let statuses = hand.caller.get(&format!("/api/statuses?stationId={}", hand.station)).await.ok();
    let statuses = statuses["statuses"].as_array().expect("statuses");
    let status = statuses.iter().find(|status| status["key"] == key).expect("a status of the demo");
    status["id"].as_str().expect("an id").to_owned()
}

/// What can be set of what is managed.
const SETTABLE: [(&str, &[&str]); 4] = [
    (
        "stations",
        &["code", "name", "type", "areaId", "active", "attended", "minorStopMs", "startChecklistId", "endChecklistId"],
    ),
    ("workers", &["code", "name", "department", "language", "active", "stationIds", "strictStations"]),
    ("areas", &["name", "calendarId"]),
    ("kiosks", &["name", "stationId"]),
];

/// Changes what is managed, as it is now, by these members.
async fn change(admin: &Caller, kind: &str, id: &str, edits: Value) -> Answer {
    let path = format!("/api/admin/{kind}/{id}");
    let known = admin.get(&path).await;
    let Some(version) = known.headers.get("etag").cloned() else { return known };
    let settable = SETTABLE.iter().find(|(known, _)| *known == kind).expect("it is managed").1;
    let mut draft = json!({});
    for member in settable {
        draft[*member] = edits.get(*member).unwrap_or(&known.body[*member]).clone();
    }
    let request = admin.request(reqwest::Method::PUT, &path).header("if-match", version);
    millrace_tests::call::send(request.json(&draft)).await
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
    /// Rows as a subscription tells them: what it has told of each table, by table and id.
    changes: BTreeMap<String, Value>,
    /// When each row was last told: never twice, and never backwards.
    told: BTreeMap<String, u64>,
}

/// The lists and the single rows that events carry.
const LISTS: [(&str, &str); 7] = [
    ("sessions", "session"),
    ("stations", "station"),
    ("reports", "report"),
    ("jobs", "job"),
    ("notifications", "notification"),
    ("statusEvents", "statusEvent"),
    ("messages", "message"),
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
        if event.name != "heartbeat" {
            self.tell_once(&topic, event, offset);
        }
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
            "change" => {
                let row = if data["new"].is_object() { &data["new"] } else { &data["old"] };
                let key =
                    format!("{}|{}", data["table"].as_str().expect("a table"), row["id"].as_str().expect("an id"));
                match data["new"].is_object() {
                    true => drop(self.changes.insert(key, row.clone())),
                    false => drop(self.changes.remove(&key)),
                }
            }
            "session_transferred" | "session_closed" => {
                let id = data["sessionId"].as_str().expect("an id");
                self.rows.remove(&format!("{topic}|session|{id}"));
            }
            "heartbeat" => {}
            _ => self.one(&topic, data),
        }
        if let Some(id) = &event.id {
            self.cursor = Some(id.clone());
        }
    }

    /// Each event of a row is told once, and in order.
    fn tell_once(&mut self, topic: &str, event: &Event, offset: u64) {
        if event.name == "initial" {
            self.told.retain(|key, _| !key.starts_with(&format!("{topic}|")));
            return;
        }
        let of = |row: &Value| row["id"].as_str().map(str::to_owned);
        let kinds = LISTS.iter().find_map(|(_, kind)| Some(format!("{kind}|{}", of(&event.data[*kind])?)));
        let row = kinds
            .or_else(|| Some(format!("{}|{}", event.data["table"], of(&event.data["new"]).or(of(&event.data["old"]))?)))
            .or_else(|| {
                let gone = ["sessionId", "stationId", "jobId", "id"].iter();
                gone.filter_map(|member| event.data[*member].as_str()).next().map(str::to_owned)
            });
        let key = format!("{topic}|{}|{}", row.unwrap_or_default(), if event.name == "delete" { "gone" } else { "" });
        let before = self.told.insert(key.clone(), offset);
        assert!(before < Some(offset), "{key}: {} at {offset} after {before:?}", event.name);
    }

    /// A new connection goes on from the cursor: what was told after it comes again.
    fn reconnected(&mut self) {
        let at = self.cursor.as_ref().and_then(|cursor| cursor.rsplit('.').next()?.parse().ok()).unwrap_or_default();
        self.told.values_mut().for_each(|offset| *offset = (*offset).min(at));
        self.offset = self.offset.min(at);
    }

    fn one(&mut self, topic: &str, data: &Value) {
        for (_, kind) in LISTS {
            if data[kind].is_object() {
                self.put(topic, kind, &data[kind]);
            }
        }
        if data["stationOptions"].is_array() {
            self.rows.insert(format!("{topic}|options"), data["stationOptions"].clone());
        }
        if data["config"].is_object() {
            self.rows.insert(format!("{topic}|config"), data["config"].clone());
        }
        // Left out where no item moved.
        if data["jobItems"].is_array() {
            self.rows.insert(format!("{topic}|items"), data["jobItems"].clone());
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
