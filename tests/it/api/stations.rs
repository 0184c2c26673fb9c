//! Stations as they are managed, and the one list of them that boards read, too.

use super::{Stand, audited, csv, station, supervisor, text, uuid};
use millrace_tests::call::{Caller, send};
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use reqwest::Method;
use reqwest::header::ETAG;
use serde_json::{Value, json};

const STATIONS: &str = "/api/admin/stations";

fn draft(code: &str) -> Value {
    json!({"code": code, "name": "Lathe 9", "type": "CNC lathe", "minorStopMs": 60_000})
}

/// How many changes of stations the log holds.
async fn changes(server: &TestServer) -> i64 {
    let query = "SELECT count(*) FROM changes WHERE row ->> '$.table' = 'stations'";
    millrace_tests::sql::count(&server.data_dir().join("millrace.db"), query).await
}

#[tokio::test]
async fn a_station_is_made_changed_and_removed_each_on_its_current_version() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let made = admin.post(STATIONS, draft(" CNC-99 ")).await;
    assert_eq!((made.status, made.headers[ETAG].to_str().unwrap()), (201, "\"1\""));
    let made = made.ok();
    assert_eq!((&made["code"], &made["active"], &made["attended"]), (&json!("CNC-99"), &json!(true), &json!(true)));
    let path = format!("{STATIONS}/{}", text(&made["id"]));
    assert_eq!(admin.get(&path).await.ok(), made);

    let mut changed = draft("CNC-98");
    changed["active"] = false.into();
    let unsaid = send(admin.request(Method::PUT, &path).json(&changed)).await;
    drop(unsaid.problem(428, "PRECONDITION_REQUIRED"));
    let changed = admin.put(&path, &json!(1), changed).await;
    assert_eq!(changed.headers[ETAG].to_str().unwrap(), "\"2\"");
    let changed = changed.ok();
    assert_eq!(
        (&changed["code"], &changed["active"], &changed["version"]),
        (&json!("CNC-98"), &json!(false), &json!(2))
    );
    let stale = admin.put(&path, &json!(1), draft("CNC-97")).await.problem(412, "PRECONDITION_FAILED");
    assert_eq!(stale["version"], 2, "it says which is current");
    drop(admin.delete(&path, &json!(1)).await.problem(412, "PRECONDITION_FAILED"));

    let worker = Caller::kiosk(&server, 1).signed_in(&server, 1).await;
    let opening = json!({"stationId": made["id"], "instanceId": uuid()});
    drop(worker.post("/api/sessions", opening).await.problem(403, "STATION_NOT_ALLOWED"));
    let list = worker.get("/api/stations").await.ok();
    assert_eq!(list["stations"].as_array().unwrap().len(), 24, "one out of use is not offered");

    assert_eq!(admin.delete(&path, &json!(2)).await.status, 204);
    drop(admin.get(&path).await.problem(404, "NOT_FOUND"));
    drop(admin.delete(&path, &json!(2)).await.problem(404, "NOT_FOUND"));
    assert_eq!(changes(&server).await, 3, "boards learn of each");
    assert_eq!(audited(&server, "station").await, 3);
}

#[tokio::test]
async fn the_list_comes_in_pages_that_fit_together() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let whole = admin.get(STATIONS).await.ok();
    let whole = whole["items"].as_array().unwrap();
    assert_eq!(whole.len(), 24);
    let codes: Vec<String> = whole.iter().map(|station| text(&station["code"])).collect();
    assert!(codes.is_sorted(), "{codes:?}");
    let (mut seen, mut cursor) = (vec![], String::new());
    for _ in 0..5 {
        let page = admin.get(&format!("{STATIONS}?limit=5{cursor}")).await.ok();
        seen.extend(page["items"].as_array().unwrap().clone());
        cursor = page["nextCursor"].as_str().map_or_else(String::new, |next| format!("&cursor={next}"));
    }
    assert_eq!((&seen, cursor.as_str()), (whole, ""), "the last page says that it is the last");
    for wrong in ["limit=0", "limit=501", "cursor=zz", "cursor=00", "active=perhaps", "format=xml"] {
        drop(admin.get(&format!("{STATIONS}?{wrong}")).await.problem(400, "INVALID_PAYLOAD"));
    }
    let stand = Stand::open(&server, 1).await;
    drop(admin.post(STATIONS, json!({"code": "X", "name": "X", "type": "Saw", "active": false})).await.ok());
    let used = admin.get(&format!("{STATIONS}?active=true&limit=500")).await.ok();
    let used = used["items"].as_array().unwrap();
    assert_eq!(used.len(), 24);
    let taken: Vec<&Value> = used.iter().filter(|station| !station["occupancy"].is_null()).collect();
    assert_eq!((taken.len(), text(&taken[0]["id"])), (1, stand.station), "it says who is where");
    let unused = admin.get(&format!("{STATIONS}?active=false")).await.ok();
    assert_eq!(unused["items"][0]["code"], "X");
    let types = admin.get(&format!("{STATIONS}/types")).await.ok();
    let types: Vec<&str> = types["types"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap()).collect();
    assert!(types.is_sorted() && types.iter().filter(|kind| **kind == "Saw").count() == 1, "{types:?}");
}

#[tokio::test]
async fn what_history_needs_is_taken_out_of_use_when_nobody_is_there() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let path = format!("{STATIONS}/{}", station(&server, 1));
    let now = admin.get(&path).await.ok();
    let mut out = json!({"code": now["code"], "name": now["name"], "type": now["type"], "active": false});
    out["areaId"] = now["areaId"].clone();
    drop(admin.put(&path, &now["version"], out.clone()).await.problem(409, "IN_USE"));
    drop(stand.end().await.ok());
    let needed = admin.delete(&path, &now["version"]).await.problem(409, "IN_USE");
    assert!(text(&needed["detail"]).contains("active"), "it says what to do instead: {needed}");
    assert_eq!(admin.put(&path, &now["version"], out).await.ok()["active"], false);
}

#[tokio::test]
async fn a_draft_that_cant_be_meant_is_refused() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let taken = text(&server.ready["stations"][0]["code"]);
    drop(admin.post(STATIONS, draft(&taken)).await.problem(409, "CONFLICT"));
    let other = format!("{STATIONS}/{}", station(&server, 1));
    drop(admin.put(&other, &json!(1), draft(&taken)).await.problem(409, "CONFLICT"));
    for (member, wrong) in [
        ("code", json!("")),
        ("code", json!("A B")),
        ("code", json!("\u{200f}A1")),
        ("code", json!("A\u{feff}1")),
        ("name", json!("x".repeat(81))),
        ("type", json!(" ")),
        ("minorStopMs", json!(-1)),
        ("minorStopMs", json!(3_600_001)),
        ("areaId", json!(uuid())),
        ("startChecklistId", json!(uuid())),
        ("endChecklistId", json!("x")),
        ("occupancy", json!(null)),
    ] {
        let mut draft = draft("NEW-1");
        draft[member] = wrong;
        drop(admin.post(STATIONS, draft).await.problem(400, "INVALID_PAYLOAD"));
    }
    assert_eq!(changes(&server).await, 0);
}

#[tokio::test]
async fn the_file_for_spreadsheets_runs_no_formula() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let evil = json!({"code": "=1+1", "name": "@SUM(A1)", "type": "Saw, \"big\""});
    drop(admin.post(STATIONS, evil).await.ok());
    let file = csv(&admin, &format!("{STATIONS}?format=csv&limit=2")).await;
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 26, "all of them, whatever the limit");
    assert!(lines[0].starts_with("id,code,name,type,"), "{}", lines[0]);
    let row = lines.iter().find(|line| line.contains("SUM")).unwrap();
    assert!(row.contains(",'=1+1,'@SUM(A1),\"Saw, \"\"big\"\"\","), "{row}");
}

#[tokio::test]
async fn supervisors_look_and_administrators_change() {
    let server = TestServer::demo(&[]);
    let supervisor = supervisor(&server).await;
    let path = format!("{STATIONS}/{}", station(&server, 0));
    drop(supervisor.get(STATIONS).await.ok());
    drop(supervisor.get(&path).await.ok());
    drop(supervisor.post(STATIONS, draft("NEW-1")).await.problem(403, "FORBIDDEN"));
    drop(supervisor.put(&path, &json!(1), draft("NEW-1")).await.problem(403, "FORBIDDEN"));
    drop(supervisor.delete(&path, &json!(1)).await.problem(403, "FORBIDDEN"));
    drop(Caller::kiosk(&server, 0).get(STATIONS).await.problem(401, "UNAUTHENTICATED"));
}

#[tokio::test]
async fn boards_see_what_becomes_of_a_station_without_asking_again() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut board = Events::open(&admin, "/api/admin/dashboard/stations/stream").await;
    assert_eq!(board.wait_for("initial").await.data["stations"].as_array().unwrap().len(), 24);
    let area = admin.post("/api/admin/areas", json!({"name": "Annex"})).await.ok();
    let mut in_annex = draft("CNC-99");
    in_annex["areaId"] = area["id"].clone();
    let made = admin.post(STATIONS, in_annex.clone()).await.ok();
    let inserted = board.wait_for("insert").await.data;
    assert_eq!((&inserted["station"]["code"], &inserted["station"]["area"]), (&json!("CNC-99"), &json!("Annex")));

    let areas = format!("/api/admin/areas/{}", text(&area["id"]));
    drop(admin.put(&areas, &json!(1), json!({"name": "Hall 2"})).await.ok());
    assert_eq!(board.wait_for("update").await.data["station"]["area"], "Hall 2", "its area is called otherwise now");
    let path = format!("{STATIONS}/{}", text(&made["id"]));
    in_annex["name"] = "Lathe 10".into();
    drop(admin.put(&path, &json!(1), in_annex.clone()).await.ok());
    assert_eq!(board.wait_for("update").await.data["station"]["name"], "Lathe 10");
    in_annex["active"] = false.into();
    drop(admin.put(&path, &json!(2), in_annex.clone()).await.ok());
    assert_eq!(board.wait_for("delete").await.data["stationId"], made["id"]);
    in_annex["active"] = true.into();
    drop(admin.put(&path, &json!(3), in_annex).await.ok());
    drop(board.wait_for("insert").await);
    assert_eq!(admin.delete(&path, &json!(4)).await.status, 204);
    assert_eq!(board.wait_for("delete").await.data["stationId"], made["id"]);
}
