//! The stations a worker is meant for: others are marked, or refused by the command that would write.

use super::{Stand, audited, station, text, uuid, worker};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

/// A worker of the demo as he is managed.
async fn record(server: &TestServer, admin: &Caller, number: usize) -> Value {
    let all = admin.get("/api/admin/workers?limit=500").await.ok();
    let code = worker(server, number);
    let found = all["items"].as_array().expect("a list").iter().find(|worker| worker["code"] == code.as_str());
    found.expect("a worker of the demo").clone()
}

/// Says which stations a worker is meant for.
async fn mean(server: &TestServer, admin: &Caller, number: usize, stations: &[usize], strict: bool) {
    let known = record(server, admin, number).await;
    let ids: Vec<_> = stations.iter().map(|&number| station(server, number)).collect();
    let draft = json!({
        "code": known["code"], "name": known["name"], "language": known["language"],
        "stationIds": ids, "strictStations": strict,
    });
    let path = format!("/api/admin/workers/{}", text(&known["id"]));
    drop(admin.put(&path, &known["version"], draft).await.ok());
}

/// What a worker may choose: each station with its mark.
async fn choices(caller: &Caller) -> Vec<(String, bool)> {
    let list = caller.get("/api/stations").await.ok();
    let stations = list["stations"].as_array().expect("a list").iter();
    stations.map(|one| (text(&one["id"]), one["outsideAssignment"].as_bool().expect("a mark"))).collect()
}

/// The same as the pipeline stream says it: each station with `allowed` and its mark.
async fn options(server: &TestServer, caller: &Caller, worker: &Value) -> Vec<(String, bool, bool)> {
    server.advance(1_001);
    let path = format!("/api/sessions/pipeline/stream?workerId={}&snapshot=1", text(worker));
    let told = caller.get(&path).await.ok();
    let is = |value: &Value| value.as_bool().expect("said");
    let options = told["stationOptions"].as_array().expect("a list").iter();
    options.map(|one| (text(&one["stationId"]), is(&one["allowed"]), is(&one["outsideAssignment"]))).collect()
}

fn opening(server: &TestServer, number: usize) -> Value {
    json!({"stationId": station(server, number), "instanceId": uuid()})
}

async fn sessions(server: &TestServer) -> i64 {
    millrace_tests::sql::count(&server.data_dir().join("millrace.db"), "SELECT count(*) FROM sessions").await
}

#[tokio::test]
async fn who_is_meant_for_no_station_in_particular_uses_all_without_a_mark() {
    let server = TestServer::demo(&[]);
    let caller = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    let all = choices(&caller).await;
    assert_eq!((all.len(), all.iter().any(|(_, marked)| *marked)), (24, false), "the listed workers may use every one");
    let opened = caller.post("/api/sessions", opening(&server, 1)).await.ok();
    assert_eq!(opened["session"]["outsideAssignment"], false);
}

#[tokio::test]
async fn a_station_he_is_not_meant_for_is_shown_marked_and_so_is_the_session_there() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    mean(&server, &admin, 1, &[2, 3], false).await;
    let caller = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    let (his, other) = (station(&server, 2), station(&server, 1));
    let all = choices(&caller).await;
    assert_eq!(all.len(), 24);
    assert!(all.iter().all(|(id, marked)| *marked != [&his, &station(&server, 3)].contains(&id)), "{all:?}");
    let id = record(&server, &admin, 1).await["id"].clone();
    let all = options(&server, &caller, &id).await;
    assert!(all.contains(&(his, true, false)) && all.contains(&(other, true, true)), "{all:?}");

    let opened = caller.post("/api/sessions", opening(&server, 1)).await.ok();
    assert_eq!(opened["session"]["outsideAssignment"], true);
    let board = super::board(&server, &admin).await;
    assert_eq!(board[0]["outsideAssignment"], true, "the supervisor sees it");
    assert_eq!(audited(&server, "worker").await, 1);
}

#[tokio::test]
async fn a_worker_who_is_kept_to_his_stations_is_shown_no_others_and_refused_there() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    mean(&server, &admin, 1, &[2], true).await;
    let caller = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    assert_eq!(choices(&caller).await, [(station(&server, 2), false)]);
    let id = record(&server, &admin, 1).await["id"].clone();
    let all = options(&server, &caller, &id).await;
    assert!(all.contains(&(station(&server, 1), false, true)), "{all:?}");
    // His screen would not offer it: the server refuses all the same, and writes nothing.
    drop(caller.post("/api/sessions", opening(&server, 1)).await.problem(403, "STATION_NOT_ALLOWED"));
    assert_eq!(sessions(&server).await, 0);
    let opened = caller.post("/api/sessions", opening(&server, 2)).await.ok();
    assert_eq!(opened["session"]["outsideAssignment"], false);
}

#[tokio::test]
async fn a_machine_is_handed_over_to_whom_it_is_open_and_marked_for_whom_it_is_not_meant() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let stand = Stand::open(&server, 1).await;
    mean(&server, &admin, 2, &[2], true).await;
    mean(&server, &admin, 3, &[3], false).await;
    let handover = || json!({"sessionId": stand.session, "stationId": stand.station, "instanceId": uuid()});
    let kept_out = Caller::kiosk(&server, 1).signed_in(&server, 2).await;
    drop(kept_out.post("/api/sessions/handover", handover()).await.problem(403, "STATION_NOT_ALLOWED"));
    let board = super::board(&server, &admin).await;
    assert_eq!((board.len(), &board[0]["id"]), (1, &json!(stand.session)), "the session before goes on");
    let next = Caller::kiosk(&server, 1).signed_in(&server, 3).await;
    let opened = next.post("/api/sessions/handover", handover()).await.ok();
    assert_eq!(opened["session"]["outsideAssignment"], true);
}

#[tokio::test]
async fn a_session_at_a_station_that_was_closed_to_him_is_not_taken_over_but_may_be_discarded() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    mean(&server, &admin, 1, &[2], true).await;
    assert_eq!(stand.beat().await.status, 200, "who is there already goes on");
    let elsewhere = Caller::kiosk(&server, 2).signed_in(&server, 1).await;
    let body = json!({"sessionId": stand.session, "instanceId": uuid()});
    drop(elsewhere.post("/api/sessions/takeover", body.clone()).await.problem(403, "STATION_NOT_ALLOWED"));
    assert_eq!(stand.beat().await.ok()["epoch"], 1, "nothing was taken");
    let mut discarded = body;
    discarded["then"] = "abandon".into();
    let gone = elsewhere.post("/api/sessions/takeover", discarded).await.ok();
    assert_eq!(gone["session"]["closeReason"], "abandoned");
}

#[tokio::test]
async fn the_mark_is_that_of_who_worked_there_once_the_worker_is_put_right() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    mean(&server, &admin, 2, &[2], true).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.end().await.ok());
    let draft = json!({
        "kind": "worker", "sessionId": stand.session, "workerId": record(&server, &admin, 2).await["id"],
        "reason": "he stood in, and nobody had asked",
    });
    drop(admin.post("/api/admin/amendments", draft).await.ok());
    let session = admin.get(&format!("/api/admin/sessions/{}", stand.session)).await.ok();
    assert_eq!(session["session"]["outsideAssignment"], true);
}
