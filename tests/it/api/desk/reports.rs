//! Reports: listed, moved from state to state by one supervisor at a time, and read by the worker who made them.

use super::{Stand, count, ids, move_to, report, text};
use millrace_tests::call::{Caller, send};
use millrace_tests::server::TestServer;
use reqwest::Method;
use reqwest::header::ETAG;
use serde_json::json;

#[tokio::test]
async fn a_malfunction_goes_its_way_and_says_who_moved_it() {
    let server = TestServer::demo(&[]);
    let (admin, mut stand) = (Caller::admin(&server).await, Stand::open(&server, 1).await);
    let made = report(&server, &mut stand, "malfunction", &[]).await;
    let path = format!("/api/admin/reports/{}", text(&made["id"]));
    let read = admin.get(&path).await;
    assert_eq!(read.headers[ETAG], "\"1\"");
    let read = read.ok();
    assert_eq!((&read["state"], &read["type"]), (&json!("open"), &json!("malfunction")));
    assert_eq!(read["changes"][0]["actor"], made["workerName"], "its making is the first change");

    let bare = admin.post(&format!("{path}/state"), json!({"state": "known"})).await;
    drop(bare.problem(428, "PRECONDITION_REQUIRED"));
    let known = move_to(&admin, &made, 1, json!({"state": "known", "note": " Fitter is coming "})).await.ok();
    assert_eq!((&known["state"], &known["version"]), (&json!("known"), &json!(2)));
    let username = &server.ready["admin"]["username"];
    assert_eq!(&known["changedBy"], username);
    drop(move_to(&admin, &made, 1, json!({"state": "solved"})).await.problem(412, "PRECONDITION_FAILED"));
    drop(move_to(&admin, &made, 2, json!({"state": "approved"})).await.problem(409, "INVALID_STATUS_TRANSITION"));
    drop(move_to(&admin, &made, 2, json!({"state": "open"})).await.problem(409, "INVALID_STATUS_TRANSITION"));
    drop(move_to(&admin, &made, 2, json!({"state": "solved"})).await.ok());
    assert!(ids(&admin, "/api/admin/reports?open=true").await.is_empty());
    let again = move_to(&admin, &made, 3, json!({"state": "open"})).await.ok();
    let states: Vec<_> = again["changes"].as_array().unwrap().iter().map(|change| change["state"].clone()).collect();
    assert_eq!(states, ["open", "known", "solved", "open"]);
    assert_eq!((&again["changes"][1]["actor"], &again["changes"][1]["note"]), (username, &json!("Fitter is coming")));
    assert_eq!(ids(&admin, "/api/admin/reports?open=true&type=malfunction").await, [made["id"].clone()]);
    assert_eq!(count(&server, "audit_log WHERE object LIKE 'report %'").await, 3);
    assert_eq!(count(&server, "changes WHERE json_extract(row, '$.table') = 'reports'").await, 4);
}

#[tokio::test]
async fn of_two_supervisors_at_once_one_is_told_to_look_again() {
    let server = TestServer::demo(&[]);
    let (admin, mut stand) = (Caller::admin(&server).await, Stand::open(&server, 1).await);
    let made = report(&server, &mut stand, "malfunction", &[]).await;
    let one = move_to(&admin, &made, 1, json!({"state": "known"}));
    let other = move_to(&admin, &made, 1, json!({"state": "solved"}));
    let (one, other) = tokio::join!(one, other);
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    assert_eq!(count(&server, "report_changes").await, 2, "its making, and one of the two");
}

#[tokio::test]
async fn general_and_scrap_are_approved_once() {
    let server = TestServer::demo(&[]);
    let (admin, mut stand) = (Caller::admin(&server).await, Stand::open(&server, 1).await);
    let general = report(&server, &mut stand, "general", &[]).await;
    let scrap = json!({
        "sessionId": stand.session,
        "quantities": {"good": 1, "scrap": 2, "note": "cracked"},
        "action": stand.stamp(),
    });
    let scrap = stand.caller.post("/api/sessions/quantities", scrap).await.ok()["reports"][0].clone();
    assert_eq!((&scrap["type"], &scrap["scrap"]), (&json!("scrap"), &json!(2)));
    for made in [&general, &scrap] {
        assert_eq!(made["state"], "new");
        drop(move_to(&admin, made, 1, json!({"state": "solved"})).await.problem(409, "INVALID_STATUS_TRANSITION"));
        assert_eq!(move_to(&admin, made, 1, json!({"state": "approved"})).await.ok()["state"], "approved");
        drop(move_to(&admin, made, 2, json!({"state": "new"})).await.problem(409, "INVALID_STATUS_TRANSITION"));
    }
    assert_eq!(ids(&admin, "/api/admin/reports?type=scrap&state=approved").await, [scrap["id"].clone()]);
    assert!(ids(&admin, "/api/admin/reports?state=new").await.is_empty());
}

#[tokio::test]
async fn an_open_report_never_drops_out_by_its_age() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let old = report(&server, &mut stand, "malfunction", &[]).await;
    // 40 days, watched as a running server watches them: the session ends, the report stays.
    for _ in 0..40 {
        server.advance(24 * 3_600_000);
    }
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 2).await;
    let new = report(&server, &mut stand, "general", &[]).await;
    assert_eq!(ids(&admin, "/api/admin/reports").await, [new["id"].clone(), old["id"].clone()], "the newest first");
    assert_eq!(ids(&admin, "/api/admin/reports?open=true&type=malfunction").await, [old["id"].clone()]);
    let first = admin.get("/api/admin/reports?open=true&limit=1").await.ok();
    let cursor = text(&first["nextCursor"]);
    let second = admin.get(&format!("/api/admin/reports?open=true&limit=1&cursor={cursor}")).await.ok();
    assert_eq!((&first["items"][0]["id"], &second["items"][0]["id"]), (&new["id"], &old["id"]));
    assert!(second["nextCursor"].is_null());
    let since = text(&new["occurredAt"]);
    assert_eq!(ids(&admin, &format!("/api/admin/reports?from={since}")).await, [new["id"].clone()]);
    assert_eq!(ids(&admin, &format!("/api/admin/reports?to={since}")).await, [old["id"].clone()]);
    assert_eq!(ids(&admin, &format!("/api/admin/reports?station={}", stand.station)).await, [new["id"].clone()]);
    assert!(ids(&admin, "/api/admin/reports?open=false").await.is_empty());
    drop(admin.get("/api/admin/reports?type=gossip").await.problem(400, "INVALID_PAYLOAD"));
    drop(admin.get("/api/admin/reports?cursor=00").await.problem(400, "INVALID_PAYLOAD"));
}

#[tokio::test]
async fn the_file_of_reports_holds_no_formula() {
    let server = TestServer::demo(&[]);
    let (admin, mut stand) = (Caller::admin(&server).await, Stand::open(&server, 1).await);
    drop(report(&server, &mut stand, "general", &[]).await);
    let file = admin.request(Method::GET, "/api/admin/reports?format=csv").send().await.expect("answers");
    let file = file.text().await.expect("text");
    assert!(file.contains(",'=it hums,") && file.contains(",general,new,"), "{file}");
}

#[tokio::test]
async fn a_worker_sees_what_he_reported_and_nobody_elses() {
    let server = TestServer::demo(&[]);
    let mut stand = Stand::open(&server, 1).await;
    let made = report(&server, &mut stand, "general", &[]).await;
    let path = format!("/api/reports?sessionId={}", stand.session);
    assert_eq!(stand.caller.get(&path).await.ok()["reports"], json!([made]));
    let other = Caller::kiosk(&server, 2).signed_in(&server, 2).await;
    drop(other.get(&path).await.problem(404, "SESSION_NOT_FOUND"));
    drop(Caller::kiosk(&server, 1).get(&path).await.problem(401, "UNAUTHENTICATED"));
    drop(stand.caller.get("/api/reports").await.problem(400, "INVALID_PAYLOAD"));
    let foreign = stand.caller.request(Method::POST, &format!("/api/admin/reports/{}/state", text(&made["id"])));
    drop(send(foreign.json(&json!({"state": "approved"}))).await.problem(401, "UNAUTHENTICATED"));
}
