//! Sessions that a kiosk began without the server, as they reach it afterwards.

use super::{agrees, amended, now, record};
use crate::api::{Stand, board, station, uuid, worker};
use millrace_tests::call::{Answer, Caller};
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

/// A kiosk that opened a session by itself: what it sends, and as whom.
struct Alone {
    kiosk: Caller,
    station: String,
    session: String,
    instance: String,
    seq: u64,
}

impl Alone {
    fn at(server: &TestServer, kiosk: usize) -> Self {
        let (session, instance) = (uuid(), uuid());
        Self { kiosk: Caller::kiosk(server, kiosk), station: station(server, kiosk), session, instance, seq: 0 }
    }

    fn stamp(&mut self, at: &str) -> Value {
        self.seq += 1;
        json!({"seq": self.seq, "instanceId": self.instance, "epoch": 1, "occurredAt": at})
    }

    fn opening(&mut self, at: &str) -> Value {
        json!({
            "stationId": self.station, "instanceId": self.instance, "id": self.session, "action": self.stamp(at),
        })
    }

    async fn sends(&self, worker: &str, path: &str, body: Value) -> Answer {
        self.kiosk.with_worker(worker).post(path, body).await
    }

    async fn acts(&mut self, path: &str, at: &str, mut body: Value) -> Answer {
        body["sessionId"] = self.session.clone().into();
        body["action"] = self.stamp(at);
        self.kiosk.post(path, body).await
    }

    async fn beats(&self) -> Answer {
        let heart = json!({"sessionId": self.session, "instanceId": self.instance, "epoch": 1});
        self.kiosk.post("/api/sessions/heartbeat", heart).await
    }
}

#[tokio::test]
async fn a_session_begun_without_the_server_is_there_from_when_it_was_tapped() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut alone = Alone::at(&server, 1);
    let code = worker(&server, 1);
    let began = now(&alone.kiosk).await;
    server.advance(60_000);
    let stopped = now(&alone.kiosk).await;
    server.advance(600_000);
    // Nobody is signed in: the kiosk vouches for its worker.
    let body = alone.opening(&began);
    let opened = alone.sends(&code, "/api/sessions", body.clone()).await;
    assert_eq!(opened.status, 201, "{}", opened.body);
    let opened = opened.ok();
    assert_eq!((&opened["outcome"], &opened["epoch"]), (&json!("applied"), &json!(1)));
    assert_eq!(opened["lease"], json!({"ttlMs": 300_000, "nextMs": 15_000}));
    let session = &opened["session"];
    assert_eq!((&session["id"], &session["startedAt"]), (&json!(alone.session), &json!(began)));
    assert_eq!((&session["startedOffline"], &session["workerCode"]), (&json!(true), &json!(code)));
    let again = alone.sends(&code, "/api/sessions", body.clone()).await.ok();
    assert_eq!((&again["repeat"], &again["session"]["id"]), (&json!(true), &json!(alone.session)));
    let mut other = body;
    other["stationId"] = station(&server, 2).into();
    drop(alone.sends(&code, "/api/sessions", other).await.problem(409, "SEQ_REUSED"));
    drop(alone.beats().await.ok());
    let counted = json!({"quantities": {"good": 2}});
    assert_eq!(alone.acts("/api/sessions/quantities", &stopped, counted).await.ok()["outcome"], "applied");
    assert_eq!(alone.acts("/api/sessions/complete", &stopped, json!({})).await.ok()["outcome"], "applied");
    let seen = record(&admin, &alone.session).await;
    assert_eq!((&seen["session"]["endedAt"], &seen["session"]["totals"]["good"]), (&json!(stopped), &json!(2)));
    agrees(&server).await;
}

#[tokio::test]
async fn where_the_station_was_taken_all_of_it_waits_and_nothing_live_changes() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut alone = Alone::at(&server, 1);
    let began = now(&alone.kiosk).await;
    server.advance(5_000);
    let mut there = Stand::open_as(&server, 2, 2).await;
    drop(there.end().await.ok());
    let body = json!({"stationId": alone.station, "instanceId": uuid()});
    let taken = there.caller.post("/api/sessions", body).await.ok();
    let before = board(&server, &admin).await;
    server.advance(5_000);
    let later = now(&alone.kiosk).await;
    let body = alone.opening(&began);
    let opened = alone.sends(&worker(&server, 1), "/api/sessions", body.clone()).await;
    assert_eq!((opened.status, &opened.body["outcome"]), (200, &json!("quarantined")), "{}", opened.body);
    assert_eq!(alone.sends(&worker(&server, 1), "/api/sessions", body).await.ok()["repeat"], true);
    for (path, body) in
        [("/api/sessions/quantities", json!({"quantities": {"good": 6}})), ("/api/sessions/complete", json!({}))]
    {
        assert_eq!(alone.acts(path, &later, body).await.ok()["outcome"], "quarantined", "{path}");
    }
    drop(alone.beats().await.problem(404, "SESSION_NOT_FOUND"));
    assert_eq!(board(&server, &admin).await, before);

    // A supervisor sees whose it was and why, and makes history of it as a whole.
    let path = format!("/api/admin/quarantine?session={}", alone.session);
    let list = admin.get(&path).await.ok()["items"].clone();
    let opening = list.as_array().unwrap().iter().find(|entry| entry["path"] == "/api/sessions").unwrap();
    assert_eq!(
        (&opening["problem"]["code"], &opening["reason"]),
        (&json!("STATION_OCCUPIED"), &json!("started_offline"))
    );
    assert!(opening["workerName"].is_string() && opening["stationName"].is_string(), "{opening}");
    let whole = json!({"sessionId": alone.session, "reason": "both stood there"});
    let decided = admin.post("/api/admin/quarantine/accept", whole.clone()).await.ok();
    assert_eq!(decided["entries"].as_array().map(Vec::len), Some(3));
    let seen = record(&admin, &alone.session).await;
    let session = &seen["session"];
    assert_eq!((&session["status"], &session["totals"]["good"]), (&json!("completed"), &json!(6)));
    assert_eq!((&session["startedAt"], &session["endedAt"]), (&json!(began), &json!(later)));
    assert_eq!(amended(&seen), ["quarantine"; 3]);
    assert_eq!(board(&server, &admin).await, before, "history, and nothing else");
    assert_eq!(before[0]["id"], taken["session"]["id"]);
    drop(admin.post("/api/admin/quarantine/accept", whole).await.problem(404, "NOT_FOUND"));
    agrees(&server).await;
}

#[tokio::test]
async fn a_machine_is_handed_over_without_the_server() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    server.advance(60_000);
    let at = now(&stand.caller).await;
    server.advance(60_000);
    let (next, instance) = (uuid(), uuid());
    stand.now.clone_from(&at);
    let body = json!({
        "sessionId": stand.session, "stationId": stand.station, "instanceId": instance, "id": next,
        "quantities": {"good": 11}, "action": stand.stamp(),
    });
    let kiosk = Caller::kiosk(&server, 1).with_worker(&worker(&server, 2));
    let over = kiosk.post("/api/sessions/handover", body.clone()).await;
    assert_eq!(over.status, 201, "{}", over.body);
    let over = over.ok();
    assert_eq!((&over["session"]["id"], &over["session"]["startedAt"]), (&json!(next), &json!(at)));
    assert_eq!(over["session"]["currentStatus"]["key"], "production", "in the same status");
    assert_eq!(kiosk.post("/api/sessions/handover", body).await.ok()["repeat"], true);
    let ended = record(&admin, &stand.session).await["session"].clone();
    assert_eq!((&ended["closeReason"], &ended["endedAt"]), (&json!("handover"), &json!(at)));
    assert_eq!(ended["totals"]["good"], 11);
    let heart = json!({"sessionId": next, "instanceId": instance, "epoch": 1});
    drop(kiosk.post("/api/sessions/heartbeat", heart).await.ok());
    agrees(&server).await;
}

#[tokio::test]
async fn a_handover_that_was_done_and_not_heard_counts_once_though_its_session_is_over() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    server.advance(20_000);
    stand.now = now(&stand.caller).await;
    server.advance(2_000);
    let mut body = json!({
        "sessionId": stand.session, "stationId": stand.station, "instanceId": uuid(), "id": uuid(),
        "quantities": {"good": 11},
    });
    let next = Caller::kiosk(&server, 1).signed_in(&server, 2).await;
    drop(next.post("/api/sessions/handover", body.clone()).await.ok());
    let close = format!("/api/admin/sessions/{}/close", body["id"].as_str().unwrap());
    drop(admin.post(&close, json!({"reason": "nobody was there"})).await.ok());
    // The answer was lost, and its kiosk had gone on alone, with the same ids.
    body["action"] = stand.stamp();
    let told = next.post("/api/sessions/handover", body.clone()).await.ok();
    assert_eq!((&told["outcome"], &told["session"]["id"]), (&json!("applied"), &body["id"]));
    assert_eq!(told["session"]["status"], "aborted", "what has ended stays so");
    let ended = record(&admin, &stand.session).await["session"].clone();
    assert_eq!((&ended["closeReason"], &ended["totals"]["good"]), (&json!("handover"), &json!(11)));
    assert_eq!(admin.get("/api/admin/quarantine").await.ok()["items"], json!([]));
    agrees(&server).await;
}

#[tokio::test]
async fn a_next_worker_who_is_busy_waits_and_the_machine_is_free() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    let busy = Stand::open(&server, 2).await;
    let body = json!({
        "sessionId": stand.session, "stationId": stand.station, "instanceId": uuid(), "id": uuid(),
        "quantities": {"good": 4}, "action": stand.stamp(),
    });
    let kiosk = Caller::kiosk(&server, 1).with_worker(&worker(&server, 2));
    let waits = kiosk.post("/api/sessions/handover", body).await.ok();
    assert_eq!(waits["outcome"], "quarantined");
    let ended = record(&admin, &stand.session).await["session"].clone();
    assert_eq!(ended["closeReason"], "handover", "whoever came, the machine was handed over");
    assert_eq!(ended["totals"]["good"], 4, "and counted");
    assert_eq!(board(&server, &admin).await.len(), 1);
    assert_eq!(board(&server, &admin).await[0]["id"], json!(busy.session));
    drop(accepted(&admin, &waits).await);
    let ended = record(&admin, &stand.session).await["session"].clone();
    assert_eq!(ended["totals"]["good"], 4, "once");
    agrees(&server).await;
}

/// A supervisor accepts what waits.
async fn accepted(admin: &Caller, waits: &Value) -> Value {
    let path = format!("/api/admin/quarantine/{}/accept", waits["quarantineId"].as_str().unwrap());
    admin.post(&path, json!({"reason": "he was there"})).await.ok()
}

fn parking(path: &str, body: &Value) -> Value {
    let problem = json!({"type": "about:blank", "title": "x", "status": 500, "detail": "x", "code": "INTERNAL"});
    json!({"seq": body["action"]["seq"], "path": path, "body": body, "problem": problem})
}

#[tokio::test]
async fn an_opening_that_was_parked_keeps_whose_it_is() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut alone = Alone::at(&server, 1);
    let (code, began) = (worker(&server, 1), now(&alone.kiosk).await);
    let body = alone.opening(&began);
    let waits = alone.sends(&code, "/api/actions/park", parking("/api/sessions", &body)).await.ok();
    assert_eq!(waits["outcome"], "quarantined");
    assert_eq!(alone.sends(&code, "/api/sessions", body).await.ok()["repeat"], true, "it is known again");
    let list = admin.get(&format!("/api/admin/quarantine?session={}", alone.session)).await.ok();
    let entry = &list["items"][0];
    assert_eq!(entry["body"]["workerCode"], json!(code));
    assert!(entry["workerName"].is_string() && entry["stationName"].is_string(), "{entry}");
    drop(accepted(&admin, &waits).await);
    let seen = record(&admin, &alone.session).await;
    assert_eq!((&seen["session"]["workerCode"], &seen["session"]["startedAt"]), (&json!(code), &json!(began)));
}

#[tokio::test]
async fn a_handover_that_waited_counts_and_goes_on_as_it_would_have() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("production").await.ok());
    server.advance(60_000);
    stand.now = now(&stand.caller).await;
    let next = uuid();
    let body = json!({
        "sessionId": stand.session, "stationId": stand.station, "instanceId": uuid(), "id": next,
        "quantities": {"good": 11}, "action": stand.stamp(),
    });
    let kiosk = Caller::kiosk(&server, 1).with_worker(&worker(&server, 2));
    let waits = kiosk.post("/api/actions/park", parking("/api/sessions/handover", &body)).await.ok();
    let list = admin.get(&format!("/api/admin/quarantine?session={next}")).await.ok();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "it lies with the session that begins");
    server.advance(60_000);
    stand.now = now(&stand.caller).await;
    drop(stand.enter("break").await.ok());
    drop(stand.end().await.ok());
    drop(accepted(&admin, &waits).await);
    let before = record(&admin, &stand.session).await;
    assert_eq!(before["session"]["totals"]["good"], 11);
    let seen = record(&admin, &next).await;
    let (first, then) = (&seen["statusEvents"][0], &before["statusEvents"]);
    assert_eq!(first["status"]["key"], "production", "what it was in then, not what came later: {seen}");
    let ran = then.as_array().unwrap().iter().find(|event| event["status"]["key"] == "production").unwrap();
    assert_eq!((&first["jobItemId"], &first["stepId"]), (&ran["jobItemId"], &ran["stepId"]));
    assert_eq!(seen["session"]["workerCode"], json!(worker(&server, 2)));
    agrees(&server).await;
}

/// A plant whose kiosks may not begin without the server.
fn where_none_starts_alone() -> (TestServer, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("millrace.toml");
    std::fs::write(&config, "[policy]\noffline_start = false\n").unwrap();
    (TestServer::demo(&["--config", config.to_str().unwrap()]), folder)
}

#[tokio::test]
async fn an_opening_whose_time_is_a_guess_is_no_later_than_what_was_tapped_in_it() {
    let (server, _config) = where_none_starts_alone();
    let admin = Caller::admin(&server).await;
    let mut alone = Alone::at(&server, 1);
    let provisions = alone.kiosk.get("/api/kiosks/provisions").await.ok();
    let setup = provisions["statuses"].as_array().unwrap().iter().find(|status| status["key"] == "setup").unwrap();
    let first = now(&alone.kiosk).await;
    server.advance(60_000);
    let last = now(&alone.kiosk).await;
    server.advance(60_000);
    // Its clock was ahead when it began, and right afterwards.
    let mut body = alone.opening(&now(&alone.kiosk).await);
    body["action"]["clock"] = "estimated".into();
    assert_eq!(alone.sends(&worker(&server, 1), "/api/sessions", body).await.ok()["outcome"], "quarantined");
    for (path, at, body) in [
        ("/api/status-events", &first, json!({"statusDefinitionId": setup["id"]})),
        ("/api/sessions/quantities", &last, json!({"quantities": {"good": 6}})),
        ("/api/sessions/complete", &last, json!({})),
    ] {
        assert_eq!(alone.acts(path, at, body).await.ok()["outcome"], "quarantined", "{path}");
    }
    let whole = json!({"sessionId": alone.session, "reason": "the clock was wrong"});
    let decided = admin.post("/api/admin/quarantine/accept", whole).await.ok();
    assert_eq!(decided["entries"].as_array().map(Vec::len), Some(4));
    let seen = record(&admin, &alone.session).await;
    assert_eq!((&seen["session"]["startedAt"], &seen["session"]["endedAt"]), (&json!(first), &json!(last)));
    assert_eq!(seen["statusEvents"][0]["estimated"], true);
    agrees(&server).await;
}

#[tokio::test]
async fn a_beginning_that_is_a_guess_or_was_moved_says_so() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut alone = Alone::at(&server, 1);
    let began = now(&alone.kiosk).await;
    server.advance(60_000);
    let mut body = alone.opening(&began);
    body["action"]["clock"] = "estimated".into();
    let opened = alone.sends(&worker(&server, 1), "/api/sessions", body).await.ok();
    assert_eq!((&opened["statusEvent"]["estimated"], &opened["shiftedTo"]), (&json!(true), &Value::Null));

    // Handed over by a clock that was behind: no earlier than the session before began.
    let early = Value::from("2020-01-01T00:00:00.000Z");
    let (next, mut stamp) = (uuid(), alone.stamp(&began));
    stamp["occurredAt"] = early.clone();
    let over = json!({
        "sessionId": alone.session, "stationId": alone.station, "instanceId": uuid(), "id": next, "action": stamp,
    });
    let over = alone.sends(&worker(&server, 2), "/api/sessions/handover", over).await.ok();
    assert_eq!((&over["outcome"], &over["shiftedTo"]), (&json!("applied"), &json!(began)), "{over}");
    let seen = record(&admin, &next).await;
    assert_eq!(
        (&seen["statusEvents"][0]["shiftedFrom"], &seen["statusEvents"][0]["estimated"]),
        (&early, &json!(false))
    );
    assert_eq!(record(&admin, &alone.session).await["statusEvents"][0]["estimated"], true);
}

#[tokio::test]
async fn a_plant_may_forbid_it_and_a_worker_may_be_unknown() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut alone = Alone::at(&server, 1);
    let began = now(&alone.kiosk).await;
    let body = alone.opening(&began);
    assert_eq!(alone.sends("nobody", "/api/sessions", body).await.ok()["outcome"], "quarantined");
    let mut nameless = Alone::at(&server, 2);
    let body = nameless.opening(&began);
    drop(nameless.kiosk.post("/api/sessions", body).await.problem(400, "INVALID_PAYLOAD"));
    let mut stolen = Alone::at(&server, 3);
    stolen.session = "00000000-0000-0000-0000-000000000000".into();
    let body = stolen.opening(&began);
    assert_eq!(stolen.sends(&worker(&server, 3), "/api/sessions", body).await.ok()["outcome"], "quarantined");
    assert!(board(&server, &admin).await.is_empty());
    drop(server);

    let (server, _config) = where_none_starts_alone();
    let mut alone = Alone::at(&server, 1);
    assert_eq!(alone.kiosk.get("/api/kiosks/provisions").await.ok()["offlineStart"], false);
    let body = alone.opening(&now(&alone.kiosk).await);
    assert_eq!(alone.sends(&worker(&server, 1), "/api/sessions", body).await.ok()["outcome"], "quarantined");
}

#[tokio::test]
async fn a_kiosk_is_provided_with_what_its_station_needs_and_no_pin() {
    let server = TestServer::demo(&[]);
    let kiosk = Caller::kiosk(&server, 1);
    let provisions = kiosk.get("/api/kiosks/provisions").await.ok();
    assert_eq!(
        (&provisions["station"]["id"], &provisions["offlineStart"]),
        (&json!(station(&server, 1)), &json!(true))
    );
    let workers = provisions["workers"].as_array().unwrap();
    assert!(workers.len() >= 40, "{}", workers.len());
    let with_pin = workers.iter().find(|known| known["worker"]["code"] == json!(worker(&server, 0))).unwrap();
    assert_eq!(with_pin["hasPin"], true);
    let text = provisions.to_string();
    assert!(!text.contains("argon2") && !text.contains("pinHash"), "no PIN and no hash of one");
    for list in ["statuses", "jobItems"] {
        assert!(!provisions[list].as_array().unwrap().is_empty(), "{list}");
    }
    for kind in ["stop", "malfunction", "general", "scrap"] {
        assert!(!provisions["reasons"][kind].as_array().unwrap().is_empty(), "{kind}");
    }
}
