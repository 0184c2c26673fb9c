//! Statuses as they are managed: what may be said of one, and what becomes of one that history knows.

use super::{Stand, audited, csv, station, supervisor, supervisor_as, text};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql;
use serde_json::{Value, json};

const STATUSES: &str = "/api/admin/status-definitions";

fn draft(key: &str) -> Value {
    json!({
        "key": key, "labels": {"en": "Lubricating", "he": "שימון"}, "color": "#ffd873", "machineState": "stoppage",
        "timeClass": "plannedStop", "reasonWanted": "never", "reportType": "none", "position": 50,
    })
}

/// The draft that says what a status is now.
fn same(status: &Value) -> Value {
    let mut draft = json!({});
    for member in [
        "stationId",
        "key",
        "labels",
        "color",
        "machineState",
        "timeClass",
        "reasonWanted",
        "reportType",
        "position",
        "active",
    ] {
        draft[member] = status[member].clone();
    }
    draft
}

async fn by_key(admin: &Caller, key: &str) -> Value {
    let all = admin.get(&format!("{STATUSES}?limit=500")).await.ok();
    let found = all["items"].as_array().unwrap().iter().find(|status| status["key"] == key);
    found.unwrap_or_else(|| panic!("no {key}")).clone()
}

fn path(status: &Value) -> String {
    format!("{STATUSES}/{}", text(&status["id"]))
}

/// What a kiosk at this station can choose.
async fn offered(stand: &Stand, key: &str) -> Option<Value> {
    let list = stand.caller.get(&format!("/api/statuses?stationId={}", stand.station)).await.ok();
    list["statuses"].as_array().unwrap().iter().find(|status| status["key"] == key).cloned()
}

#[tokio::test]
async fn a_status_of_all_stations_or_of_one_is_offered_where_it_belongs() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (here, there) = (Stand::open(&server, 1).await, Stand::open(&server, 2).await);
    let made = admin.post(STATUSES, draft("lubricating")).await;
    assert_eq!(made.status, 201);
    let made = made.ok();
    assert_eq!((&made["color"], &made["protected"], &made["active"]), (&json!("#FFD873"), &json!(false), &json!(true)));
    let mut own = draft("greasing");
    own["stationId"] = station(&server, 1).into();
    drop(admin.post(STATUSES, own.clone()).await.ok());
    for stand in [&here, &there] {
        assert_eq!(offered(stand, "lubricating").await.expect("global")["labels"]["he"], "שימון");
    }
    assert!(offered(&here, "greasing").await.is_some() && offered(&there, "greasing").await.is_none());
    drop(admin.post(STATUSES, draft("lubricating")).await.problem(409, "CONFLICT"));
    drop(admin.post(STATUSES, own).await.problem(409, "CONFLICT"));
    assert_eq!(audited(&server, "status").await, 2);
}

/// Not the demo's floor: what a plant has from its first start on.
#[tokio::test]
async fn a_plant_that_begins_with_nothing_has_the_statuses_that_a_session_needs() {
    let server = TestServer::plain();
    let admin = supervisor_as(&server, "admin").await;
    let four = admin.get(&format!("{STATUSES}?limit=500")).await.ok();
    let four = four["items"].as_array().unwrap();
    let keys: Vec<_> = four.iter().map(|status| text(&status["key"])).collect();
    assert_eq!(keys, ["production", "stop", "malfunction", "other"]);
    for status in four {
        assert!(
            status["protected"] == true && status["labels"]["en"].is_string() && status["labels"]["he"].is_string()
        );
        drop(admin.delete(&path(status), &status["version"]).await.problem(409, "IN_USE"));
        let mut again = draft(status["key"].as_str().unwrap());
        again["stationId"] = Value::Null;
        drop(admin.post(STATUSES, again).await.problem(409, "CONFLICT"));
        drop(admin.put(&path(status), &status["version"], same(status)).await.ok());
    }
    let made = admin.post("/api/admin/stations", json!({"code": "S1", "name": "Saw", "type": "Saw"})).await.ok();
    drop(admin.post("/api/admin/workers", json!({"code": "7001", "name": "Noa Levi", "language": "he"})).await.ok());
    let code = admin.post("/api/admin/enrolment-codes", json!({"kioskName": "Kiosk 1"})).await.ok()["code"].clone();
    let nobody = Caller::nobody(&server);
    let token = text(&nobody.post("/api/kiosks/enroll", json!({"code": code})).await.ok()["token"]);
    let kiosk = nobody.with_token(&token);
    drop(kiosk.post("/api/workers/login", json!({"workerCode": "7001"})).await.ok());
    let worker = kiosk.with_worker("7001");
    let body = json!({"stationId": made["id"], "instanceId": super::uuid()});
    let opened = worker.post("/api/sessions", body).await.ok();
    assert_eq!(opened["session"]["currentStatus"]["key"], "stop");
}

#[tokio::test]
async fn a_draft_that_cant_be_meant_is_refused() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    for (member, wrong) in [
        ("color", json!("#777777")),
        ("color", json!("red")),
        ("labels", json!({"he": "שימון"})),
        ("labels", json!({"en": "x", "klingon-": "x"})),
        ("key", json!("Lubricating")),
        ("timeClass", json!("production")),
        ("machineState", json!("asleep")),
        ("position", json!(10_000)),
        ("stationId", json!(super::uuid())),
        ("protected", json!(true)),
    ] {
        let mut draft = draft("lubricating");
        draft[member] = wrong.clone();
        let refused = admin.post(STATUSES, draft).await.problem(400, "INVALID_PAYLOAD");
        if wrong == "#777777" {
            assert!(text(&refused["detail"]).contains("4.5:1"), "{refused}");
        }
    }
}

#[tokio::test]
async fn a_protected_status_is_relabelled_and_recoloured_and_stays_what_it_is() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let stand = Stand::open(&server, 1).await;
    let stop = by_key(&admin, "stop").await;
    let mut relabelled = same(&stop);
    relabelled["labels"]["en"] = "Standing".into();
    relabelled["color"] = "#FFD873".into();
    let relabelled = admin.put(&path(&stop), &stop["version"], relabelled).await.ok();
    assert_eq!(offered(&stand, "stop").await.expect("protected")["labels"]["en"], "Standing");
    for (member, wrong, code) in [
        ("key", json!("standing"), "CONFLICT"),
        ("stationId", json!(station(&server, 1)), "INVALID_PAYLOAD"),
        ("reportType", json!("general"), "CONFLICT"),
        ("reasonWanted", json!("never"), "CONFLICT"),
        ("active", json!(false), "IN_USE"),
    ] {
        let mut draft = same(&relabelled);
        draft[member] = wrong;
        let status = if code == "INVALID_PAYLOAD" { 400 } else { 409 };
        drop(admin.put(&path(&stop), &relabelled["version"], draft).await.problem(status, code));
    }
    let mut setup = same(&relabelled);
    (setup["machineState"], setup["timeClass"]) = (json!("setup"), json!("setup"));
    drop(admin.put(&path(&stop), &relabelled["version"], setup).await.problem(409, "CONFLICT"));
    drop(admin.delete(&path(&stop), &relabelled["version"]).await.problem(409, "IN_USE"));
}

#[tokio::test]
async fn what_was_never_used_goes_and_what_history_knows_stays_readable_there() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let unused = admin.post(STATUSES, draft("unused")).await.ok();
    assert_eq!(admin.delete(&path(&unused), &unused["version"]).await.ok()["outcome"], "removed");
    drop(admin.get(&path(&unused)).await.problem(404, "NOT_FOUND"));

    let used = admin.post(STATUSES, draft("used")).await.ok();
    let mut stand = Stand::open(&server, 1).await;
    drop(stand.enter("used").await.ok());
    drop(admin.delete(&path(&used), &used["version"]).await.problem(409, "IN_USE"));
    let mut out = same(&used);
    out["active"] = false.into();
    drop(admin.put(&path(&used), &used["version"], out).await.problem(409, "IN_USE"));
    drop(stand.enter("setup").await.ok());
    drop(admin.delete(&path(&used), &json!(7)).await.problem(412, "PRECONDITION_FAILED"));
    assert_eq!(admin.delete(&path(&used), &used["version"]).await.ok()["outcome"], "retired");
    assert!(offered(&stand, "used").await.is_none(), "it can't be chosen");
    drop(stand.enter("used").await.problem(422, "STATUS_NOT_ALLOWED"));
    let named = "SELECT count(*) FROM status_events WHERE status ->> '$.labels.en' = 'Lubricating'";
    assert_eq!(sql::count(&server.data_dir().join("millrace.db"), named).await, 1, "history says what it was");

    let retired = admin.get(&path(&used)).await.ok();
    assert_eq!((&retired["active"], &retired["version"]), (&json!(false), &json!(2)));
    drop(admin.post(STATUSES, draft("used")).await.problem(409, "CONFLICT"));
    let mut back = same(&retired);
    back["active"] = true.into();
    drop(admin.put(&path(&used), &retired["version"], back).await.ok());
    assert!(offered(&stand, "used").await.is_some());
}

#[tokio::test]
async fn the_list_is_in_the_order_of_the_plant_and_its_pages_fit_together() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let whole = admin.get(&format!("{STATUSES}?limit=500")).await.ok();
    let whole = whole["items"].as_array().unwrap();
    assert!(whole.len() > 15, "global ones and some of single stations");
    let first_own = whole.iter().position(|status| !status["stationId"].is_null()).unwrap();
    assert!(whole[first_own..].iter().all(|status| !status["stationId"].is_null()), "global ones come first");
    let positions: Vec<u64> = whole[..first_own].iter().map(|status| status["position"].as_u64().unwrap()).collect();
    assert!(positions.is_sorted(), "{positions:?}");
    let (mut seen, mut cursor) = (vec![], Some(String::new()));
    while let Some(after) = cursor {
        let page = admin.get(&format!("{STATUSES}?limit=4{after}")).await.ok();
        seen.extend(page["items"].as_array().unwrap().clone());
        cursor = page["nextCursor"].as_str().map(|next| format!("&cursor={next}"));
    }
    assert_eq!(&seen, whole);
    let file = csv(&admin, &format!("{STATUSES}?format=csv")).await;
    assert_eq!(file.lines().count(), whole.len() + 1);
    assert!(file.contains(",stop,,Stop,#F5B301,stoppage,unplannedStop,later,none,true,"), "{file}");
}

#[tokio::test]
async fn supervisors_look_and_administrators_change() {
    let server = TestServer::demo(&[]);
    let supervisor = supervisor(&server).await;
    let status = by_key(&supervisor, "setup").await;
    drop(supervisor.get(&path(&status)).await.ok());
    drop(supervisor.post(STATUSES, draft("lubricating")).await.problem(403, "FORBIDDEN"));
    drop(supervisor.put(&path(&status), &status["version"], same(&status)).await.problem(403, "FORBIDDEN"));
    drop(supervisor.delete(&path(&status), &status["version"]).await.problem(403, "FORBIDDEN"));
}
