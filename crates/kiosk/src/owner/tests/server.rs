//! A server that says what a test tells it to, and remembers what it was asked.

use crate::outbox::PARK;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use millrace_protocol::{Code, Problem};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

pub(super) const WORKER: &str = "00000000-0000-7000-8000-000000000002";
pub(super) const STATION: &str = "00000000-0000-7000-8000-000000000003";
pub(super) const SESSION: &str = "00000000-0000-7000-8000-000000000001";
pub(super) const JOB: &str = "00000000-0000-7000-8000-0000000000d1";
pub(super) const ITEM: &str = "00000000-0000-7000-8000-0000000000d2";
pub(super) const STEP: &str = "00000000-0000-7000-8000-0000000000d3";
pub(super) const OTHER_ITEM: &str = "00000000-0000-7000-8000-0000000000d4";
pub(super) const OTHER_STEP: &str = "00000000-0000-7000-8000-0000000000d5";
pub(super) const REASON: &str = "00000000-0000-7000-8000-0000000000f1";
pub(super) const STOP: &str = "00000000-0000-7000-8000-0000000000a1";
pub(super) const RUNS: &str = "00000000-0000-7000-8000-0000000000a2";
pub(super) const BROKEN: &str = "00000000-0000-7000-8000-0000000000a3";
pub(super) const EVENT: &str = "00000000-0000-7000-8000-0000000000e1";

/// One answer.
#[derive(Debug, Clone)]
pub(super) struct Told {
    status: u16,
    kind: &'static str,
    body: String,
    retry_after: Option<u32>,
}

impl Told {
    /// And it wants to be left alone for so many seconds.
    pub(super) fn until(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }
}

pub(super) fn ok(body: &Value) -> Told {
    Told { status: 200, kind: "application/json", body: body.to_string(), retry_after: None }
}

/// A stream that says this, and then ends.
pub(super) fn stream(events: &[(&str, Value)]) -> Told {
    let body = events.iter().map(|(name, data)| format!("event: {name}\ndata: {data}\n\n")).collect();
    Told { status: 200, kind: "text/event-stream", body, retry_after: None }
}

pub(super) fn no(problem: &Problem) -> Told {
    let body = serde_json::to_string(problem).expect("writes");
    Told { status: problem.status, kind: "application/problem+json", body, retry_after: None }
}

pub(super) fn code(code: Code) -> Told {
    no(&Problem::new(code, "because the test says so"))
}

/// What something that is not our server would say.
pub(super) fn proxy(status: u16) -> Told {
    Told { status, kind: "text/html", body: "<h1>gateway</h1>".into(), retry_after: None }
}

#[derive(Debug)]
struct Mind {
    /// Said once each, in order, before what is said always.
    once: HashMap<String, VecDeque<Told>>,
    always: HashMap<String, Told>,
    asked: Vec<(String, String)>,
    /// Whom `X-Worker-Code` named, beside each of them.
    named: Vec<Option<String>>,
    /// What is said where an answer leaves `serverTime` open.
    time: String,
    /// What is said where an answer leaves `lastSeq` open: the highest number that was taken.
    last_seq: u64,
}

/// The server. It is gone when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) url: String,
    mind: Arc<Mutex<Mind>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// A server with one worker, one station and one session to open.
    pub(super) async fn start() -> Self {
        let mind = Arc::new(Mutex::new(Mind {
            once: HashMap::new(),
            always: HashMap::new(),
            asked: vec![],
            named: vec![],
            time: "2030-01-01T00:00:00.000Z".to_owned(),
            last_seq: 0,
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().fallback({
            let mind = mind.clone();
            move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| async move {
                answer(&mind, &method, &uri, &headers, &body)
            }
        });
        let task = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        let server = Self { url, mind, task };
        server.usual();
        server
    }

    fn usual(&self) {
        self.always(
            "/api/workers/login",
            ok(&json!({
            "worker": {"id": WORKER, "code": "W1", "name": "Ada", "language": "en"},
            "activeSession": null, "lastSeq": null, "serverTime": null})),
        );
        self.always("/api/workers/logout", ok(&json!({})));
        self.always(
            "/api/kiosks/me",
            ok(&json!({"kioskId": WORKER, "kioskName": "Kiosk 9", "stationId": null, "lastSeq": null,
                "serverTime": null})),
        );
        self.always("/api/sessions", ok(&claimed(1)));
        self.always("/api/sessions/takeover", ok(&claimed(2)));
        self.always(
            "/api/sessions/heartbeat",
            ok(&json!({
            "ok": true, "epoch": 1, "lease": {"ttlMs": 300_000, "nextMs": 15_000},
            "serverTime": null, "lastSeq": null})),
        );
        let status = |id: &str, key: &str, state: &str, report: &str| {
            json!({"id": id, "key": key, "labels": {"en": key}, "color": "#1B7A3D", "machineState": state,
                "timeClass": "production", "reasonWanted": "never", "reportType": report, "protected": true})
        };
        self.always(
            "/api/statuses",
            ok(&json!({"statuses": [
                status(STOP, "stop", "stoppage", "none"),
                status(RUNS, "production", "production", "none"),
                status(BROKEN, "malfunction", "stoppage", "malfunction"),
            ]})),
        );
        self.always("/api/reasons", ok(&json!({"reasons": [{"id": REASON, "labels": {"en": "Why"}}]})));
        let item = |item: &str, step: &str, name: &str, approval: &str| {
            json!({"id": item, "jobId": JOB, "jobNumber": "J-1", "customer": null, "dueOn": null, "name": name,
                "plannedQuantity": 100, "completedGood": 0, "completedScrap": 0, "complete": false, "missing": 0,
                "stepId": step, "position": 1, "isTerminal": true, "plannedMsPerPiece": null, "stepGood": 0,
                "stepScrap": 0, "firstProductApproval": approval != "none", "approval": approval})
        };
        self.always(
            &format!("/api/stations/{STATION}/job-items"),
            ok(&json!({"jobItems": [
                item(ITEM, STEP, "Flange", "none"),
                item(OTHER_ITEM, OTHER_STEP, "Shaft", "needed"),
            ]})),
        );
        self.always(&format!("/api/stations/{STATION}/checklists"), ok(&json!({"start": null, "end": null})));
        for path in [
            "/api/status-events",
            "/api/reports",
            "/api/calls",
            "/api/approvals",
            "/api/sessions/quantities",
            "/api/sessions/bind-job-item",
            "/api/sessions/unbind-job-item",
            "/api/sessions/still-here",
            "/api/sessions/complete",
            "/api/actions/undo",
        ] {
            self.always(path, ok(&json!({"outcome": "applied"})));
        }
        // A server of an earlier version, where a test says nothing else.
        self.always("/api/kiosks/provisions", code(Code::NotFound));
        self.always(PARK, ok(&json!({"outcome": "quarantined"})));
    }

    /// From now on this path is answered so.
    pub(super) fn always(&self, path: &str, told: Told) {
        self.mind.lock().expect("the mind").always.insert(path.to_owned(), told);
    }

    /// The next request of this path is answered so.
    pub(super) fn once(&self, path: &str, told: Told) {
        self.mind.lock().expect("the mind").once.entry(path.to_owned()).or_default().push_back(told);
    }

    /// From now on its clock says this.
    pub(super) fn time_is(&self, time: &str) {
        time.clone_into(&mut self.mind.lock().expect("the mind").time);
    }

    /// It has forgotten what lies above this number: it was restored from a backup.
    pub(super) fn restored_at(&self, last_seq: u64) {
        self.mind.lock().expect("the mind").last_seq = last_seq;
    }

    /// The bodies that were sent to this path.
    pub(super) fn asked(&self, path: &str) -> Vec<String> {
        let mind = self.mind.lock().expect("the mind");
        mind.asked.iter().filter(|(to, _)| to == path).map(|(_, body)| body.clone()).collect()
    }

    /// Whom the requests to this path named.
    pub(super) fn named(&self, path: &str) -> Vec<Option<String>> {
        let mind = self.mind.lock().expect("the mind");
        let asked = mind.asked.iter().zip(&mind.named);
        asked.filter(|((to, _), _)| to == path).map(|(_, named)| named.clone()).collect()
    }

    /// All paths that something was sent to, in order.
    pub(super) fn sent_to(&self) -> Vec<String> {
        let mind = self.mind.lock().expect("the mind");
        let sent = mind.asked.iter().filter(|(_, body)| body.contains("\"action\":"));
        sent.map(|(to, _)| to.clone()).collect()
    }

    /// Waits until this path was asked so often.
    pub(super) async fn asked_times(&self, path: &str, times: usize) {
        let enough = async {
            while self.asked(path).len() < times {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), enough).await.expect("asked in time");
    }
}

fn answer(mind: &Mutex<Mind>, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Response {
    let mut mind = mind.lock().expect("the mind");
    let path = uri.path().to_owned();
    mind.asked.push((path.clone(), String::from_utf8_lossy(body).into_owned()));
    let named = headers.get("X-Worker-Code").and_then(|code| code.to_str().ok());
    mind.named.push(named.map(str::to_owned));
    let told = mind.once.get_mut(&path).and_then(VecDeque::pop_front).or_else(|| mind.always.get(&path).cloned());
    let Some(told) = told else {
        let problem = Problem::new(Code::Unavailable, format!("{method} {path} is not told"));
        return (StatusCode::SERVICE_UNAVAILABLE, serde_json::to_string(&problem).expect("writes")).into_response();
    };
    let status = StatusCode::from_u16(told.status).expect("a status");
    if status.is_success()
        && let Ok(request) = serde_json::from_slice::<Value>(body)
        && let Some(seq) = request["action"]["seq"].as_u64().or(request["seq"].as_u64())
    {
        mind.last_seq = mind.last_seq.max(seq);
    }
    let retry_after = told.retry_after.map(|seconds| (header::RETRY_AFTER, seconds.to_string()));
    let body = told
        .body
        .replace("\"serverTime\":null", &format!("\"serverTime\":\"{}\"", mind.time))
        .replace("\"lastSeq\":null", &format!("\"lastSeq\":{}", mind.last_seq));
    (status, [(header::CONTENT_TYPE, told.kind)], AppendHeaders(retry_after), body).into_response()
}

/// The answer to an opening.
pub(super) fn claimed(epoch: u32) -> Value {
    json!({"session": session(1), "epoch": epoch, "lease": {"ttlMs": 300_000, "nextMs": 15_000},
        "serverTime": null, "lastSeq": null})
}

/// The one session there is.
pub(super) fn session(version: u32) -> Value {
    json!({"id": SESSION, "workerId": WORKER, "workerCode": "W1", "workerName": "Ada",
        "stationId": STATION, "stationCode": "S1", "stationName": "Lathe", "areaName": null,
        "jobId": JOB, "jobNumber": "J-1", "jobItemId": ITEM, "jobItemName": "Flange", "stepId": STEP,
        "status": "active", "closeReason": null, "provisional": false, "currentStatusId": STOP,
        "currentStatus": {"key": "stop", "labels": {"en": "stop"}, "color": "#1B7A3D", "machineState": "stoppage"},
        "lastStatusChangeAt": "2029-12-31T23:00:00.000Z", "startedAt": "2029-12-31T23:00:00.000Z", "endedAt": null,
        "contact": "online", "lastContactAt": null, "totals": {"good": 0, "scrap": 0},
        "malfunctionCount": 0, "version": version})
}

/// An open status event.
pub(super) fn event() -> Value {
    json!({"id": EVENT, "sessionId": SESSION, "statusDefinitionId": RUNS,
        "status": {"key": "production", "labels": {"en": "production"}, "color": "#1B7A3D",
            "machineState": "production"},
        "reasonId": null, "note": null, "startedAt": "2030-01-01T00:00:00.000Z", "endedAt": null,
        "epoch": 1, "version": 1})
}
