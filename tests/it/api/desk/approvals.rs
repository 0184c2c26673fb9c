//! The approval of a first product: at the desk, at the kiosk, and what it lets through.

use super::{Stand, count, database, station, text, wait, worker};
use millrace_tests::call::{Answer, Caller};
use millrace_tests::server::TestServer;
use millrace_tests::sql;
use serde_json::{Value, json};

/// A stand that works on an item whose first product has to be approved.
async fn stand(server: &TestServer, admin: &Caller, number: usize) -> Stand {
    let mut stand = Stand::open(server, number).await;
    let job = admin.post("/api/admin/jobs", json!({"number": format!("FPA-{number}")})).await.ok();
    let steps = json!([{"stationId": station(server, number), "firstProductApproval": true}]);
    let draft = json!({"name": "Flange", "plannedQuantity": 50, "steps": steps});
    let item = admin.post(&format!("/api/admin/jobs/{}/items", text(&job["id"])), draft).await.ok();
    let body = json!({
        "sessionId": stand.session,
        "jobItemId": item["id"],
        "stepId": item["steps"][0]["id"],
        "action": stand.stamp(),
    });
    drop(stand.caller.post("/api/sessions/bind-job-item", body).await.ok());
    stand
}

/// Enters production with the item that is bound, now: an approval holds from when it was given.
async fn produce(stand: &mut Stand) -> Answer {
    drop(stand.beat().await.ok());
    let body = stand.change("production");
    stand.caller.post("/api/status-events", body).await
}

async fn ask(stand: &mut Stand) -> Value {
    let body = json!({"sessionId": stand.session, "action": stand.stamp()});
    stand.caller.post("/api/approvals", body).await.ok()["approval"].clone()
}

async fn standing(stand: &Stand) -> Value {
    stand.caller.get(&format!("/api/approvals?sessionId={}", stand.session)).await.ok()
}

async fn at_desk(admin: &Caller, approval: &Value, verb: &str, body: Value) -> Answer {
    admin.post(&format!("/api/admin/approvals/{}/{verb}", text(&approval["id"])), body).await
}

async fn at_kiosk(kiosk: &Caller, approval: &Value, badge: &str, pin: &str) -> Answer {
    let body = json!({"badge": badge, "pin": pin, "approve": true});
    kiosk.post(&format!("/api/approvals/{}/decide", text(&approval["id"])), body).await
}

/// The demo's administrator is this worker, too.
async fn link(server: &TestServer, number: usize) {
    let code = worker(server, number);
    let statement = format!("UPDATE users SET worker_id = (SELECT id FROM workers WHERE code = '{code}')");
    sql::run(&database(server), &statement).await;
}

/// A badge for this worker.
async fn badge(server: &TestServer, admin: &Caller, number: usize, badge: &str) {
    let workers = admin.get("/api/admin/workers?limit=500").await.ok();
    let code = worker(server, number);
    let worker = workers["items"].as_array().unwrap().iter().find(|known| known["code"] == code.as_str()).unwrap();
    let path = format!("/api/admin/workers/{}/badges", text(&worker["id"]));
    drop(admin.post(&path, json!({"code": badge})).await.ok());
}

#[tokio::test]
async fn production_waits_for_its_first_product_and_a_setup_asks_anew() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = stand(&server, &admin, 1).await;
    assert_eq!(standing(&stand).await, json!({"standing": "needed", "approval": null}));
    assert_eq!(produce(&mut stand).await.problem(409, "APPROVAL_REQUIRED")["approval"], "needed");

    let asked = ask(&mut stand).await;
    assert_eq!(ask(&mut stand).await["id"], asked["id"], "one at a time");
    assert_eq!(produce(&mut stand).await.problem(409, "APPROVAL_REQUIRED")["approval"], "pending");
    let waiting = admin.get("/api/admin/approvals?state=pending").await.ok();
    assert_eq!(waiting["items"], json!([asked]));
    drop(at_desk(&admin, &asked, "refuse", json!({})).await.problem(400, "INVALID_PAYLOAD"));
    let refused = at_desk(&admin, &asked, "refuse", json!({"note": "Burr on the edge"})).await.ok();
    assert_eq!((&refused["state"], &refused["decidedBy"]), (&json!("refused"), &server.ready["admin"]["username"]));
    let said = produce(&mut stand).await.problem(409, "APPROVAL_REQUIRED");
    assert_eq!((&said["approval"], &said["note"]), (&json!("refused"), &json!("Burr on the edge")));
    assert_eq!(standing(&stand).await["approval"]["note"], "Burr on the edge");
    drop(at_desk(&admin, &asked, "approve", json!({})).await.problem(409, "INVALID_STATUS_TRANSITION"));

    let again = ask(&mut stand).await;
    assert_ne!(again["id"], asked["id"]);
    drop(at_desk(&admin, &again, "approve", json!({"note": "Good"})).await.ok());
    assert_eq!(standing(&stand).await["standing"], "approved");
    drop(produce(&mut stand).await.ok());
    let stop = json!({
        "sessionId": stand.session,
        "statusDefinitionId": stand.status("setup"),
        "quantities": {"good": 1},
        "action": stand.stamp(),
    });
    drop(stand.caller.post("/api/status-events", stop).await.ok());
    assert_eq!(standing(&stand).await["standing"], "needed");
    assert_eq!(produce(&mut stand).await.problem(409, "APPROVAL_REQUIRED")["approval"], "needed");
    assert_eq!(count(&server, "audit_log WHERE object LIKE 'approval %'").await, 2);
}

#[tokio::test]
async fn of_two_decisions_at_once_one_counts() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = stand(&server, &admin, 1).await;
    let asked = ask(&mut stand).await;
    let yes = at_desk(&admin, &asked, "approve", json!({}));
    let no = at_desk(&admin, &asked, "refuse", json!({"note": "no"}));
    let (yes, no) = tokio::join!(yes, no);
    let mut statuses = [yes.status, no.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn nobody_approves_his_own_work() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = stand(&server, &admin, 1).await;
    let asked = ask(&mut stand).await;
    link(&server, 1).await;
    drop(at_desk(&admin, &asked, "approve", json!({})).await.problem(403, "FORBIDDEN"));
    drop(at_desk(&admin, &asked, "refuse", json!({"note": "x"})).await.problem(403, "FORBIDDEN"));
    link(&server, 2).await;
    assert_eq!(at_desk(&admin, &asked, "approve", json!({})).await.ok()["state"], "approved");
}

#[tokio::test]
async fn a_supervisor_decides_at_the_kiosk_with_badge_and_pin() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = stand(&server, &admin, 1).await;
    let asked = ask(&mut stand).await;
    let (kiosk, pin) = (Caller::kiosk(&server, 1), text(&server.ready["workers"][0]["pin"]));
    badge(&server, &admin, 0, "04A1B2C3").await;
    badge(&server, &admin, 2, "05FFFFFF").await;
    // A worker with badge and PIN who is no supervisor is told what a stranger is told.
    let plain = at_kiosk(&kiosk, &asked, "04A1B2C3", &pin).await.problem(401, "UNAUTHENTICATED");
    link(&server, 0).await;
    for (badge, pin) in [("04A1B2C3", "0000"), ("no-such", pin.as_str()), ("05FFFFFF", pin.as_str()), ("04A1B2C3", "")]
    {
        assert_eq!(at_kiosk(&kiosk, &asked, badge, pin).await.problem(401, "UNAUTHENTICATED"), plain, "{badge}");
    }
    drop(at_kiosk(&Caller::kiosk(&server, 2), &asked, "04A1B2C3", &pin).await.problem(403, "FORBIDDEN"));
    let approved = at_kiosk(&kiosk, &asked, " 04A1B2C3 ", &pin).await.ok();
    assert_eq!((&approved["state"], &approved["decidedBy"]), (&json!("approved"), &server.ready["admin"]["username"]));
    drop(produce(&mut stand).await.ok());
    drop(stand.caller.get("/api/workers/active-session").await.ok());
    assert_eq!(count(&server, "audit_log WHERE verb = 'approve' AND object LIKE '% at kiosk %'").await, 1);
}

#[tokio::test]
async fn who_guesses_a_supervisors_pin_is_slowed_down() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = stand(&server, &admin, 1).await;
    let asked = ask(&mut stand).await;
    let (kiosk, pin) = (Caller::kiosk(&server, 1), text(&server.ready["workers"][0]["pin"]));
    badge(&server, &admin, 0, "04A1B2C3").await;
    link(&server, 0).await;
    let mut last = 0;
    for _ in 0..10 {
        last = at_kiosk(&kiosk, &asked, "04A1B2C3", "0000").await.status;
    }
    assert_eq!(last, 429);
    drop(at_kiosk(&kiosk, &asked, "04A1B2C3", &pin).await.problem(429, "RATE_LIMITED"));
}

#[tokio::test]
async fn a_supervisor_who_works_at_the_station_does_not_approve_it_there() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = stand(&server, &admin, 0).await;
    let asked = ask(&mut stand).await;
    badge(&server, &admin, 0, "04A1B2C3").await;
    link(&server, 0).await;
    let pin = text(&server.ready["workers"][0]["pin"]);
    drop(at_kiosk(&Caller::kiosk(&server, 0), &asked, "04A1B2C3", &pin).await.problem(403, "FORBIDDEN"));
}

#[tokio::test]
async fn what_nobody_looks_at_for_ten_minutes_is_raised() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (mut unseen, mut seen) = (stand(&server, &admin, 1).await, stand(&server, &admin, 2).await);
    let (first, second) = (ask(&mut unseen).await, ask(&mut seen).await);
    let looked = at_desk(&admin, &second, "seen", json!({})).await.ok();
    assert_eq!(looked["seenBy"], server.ready["admin"]["username"]);
    server.advance(1_000);
    assert_eq!(at_desk(&admin, &second, "seen", json!({})).await.ok(), looked, "the first look is kept");
    for minute in 0..10 {
        assert!(standing(&unseen).await["approval"]["escalatedAt"].is_null(), "after {minute} min");
        wait(&server, &mut unseen, 1).await;
        drop(seen.beat().await.ok());
    }
    let now = || standing(&unseen);
    let raised =
        super::until(&server, now, |read| read["approval"]["escalatedAt"].is_string()).await["approval"].clone();
    assert_eq!((&raised["id"], raised["escalatedAt"].is_string()), (&first["id"], true), "{raised}");
    assert!(standing(&seen).await["approval"]["escalatedAt"].is_null());
    wait(&server, &mut unseen, 1).await;
    assert_eq!(standing(&unseen).await["approval"]["version"], 2, "once");
    let told = "changes WHERE json_extract(row, '$.table') = 'approvals' AND json_extract(row, '$.new.escalatedAt') IS NOT NULL";
    assert_eq!(count(&server, told).await, 1);
}
