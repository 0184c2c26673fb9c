//! Workers with their PINs and badges, and users, managed from outside.

use super::{audited, csv, station, text, worker};
use millrace_protocol::time::Timestamp;
use millrace_tests::call::{Answer, Caller, send};
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use reqwest::Method;
use serde_json::{Value, json};

const WORKERS: &str = "/api/admin/workers";
const USERS: &str = "/api/admin/users";

fn at(list: &str, thing: &Value) -> String {
    format!("{list}/{}", text(&thing["id"]))
}

async fn new_worker(admin: &Caller, code: &str) -> Value {
    admin.post(WORKERS, json!({"code": code, "name": "Noa Levi", "language": "he"})).await.ok()
}

async fn login(kiosk: &Caller, body: Value) -> Answer {
    kiosk.post("/api/workers/login", body).await
}

/// The problem without what may differ: nothing.
async fn refused(kiosk: &Caller, body: Value) -> Value {
    login(kiosk, body).await.problem(401, "UNAUTHENTICATED")
}

#[tokio::test]
async fn a_worker_is_made_changed_and_taken_out_of_service() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk) = (Caller::admin(&server).await, Caller::kiosk(&server, 1));
    let made = new_worker(&admin, "7001").await;
    assert_eq!((&made["hasPin"], &made["active"], &made["stationIds"]), (&json!(false), &json!(true), &json!([])));
    drop(login(&kiosk, json!({"workerCode": "7001"})).await.ok());
    drop(admin.post(WORKERS, json!({"code": "7001", "name": "B", "language": "en"})).await.problem(409, "CONFLICT"));
    for wrong in [
        json!({"code": "70 01", "name": "B", "language": "en"}),
        json!({"code": "7002", "name": "", "language": "en"}),
        json!({"code": "7002", "name": "B", "language": "English"}),
        json!({"code": "7002", "name": "B", "language": "en", "strictStations": true}),
        json!({"code": "7002", "name": "B", "language": "en", "stationIds": [made["id"]]}),
        json!({"code": "7002", "name": "B", "language": "en", "pin": "1234"}),
    ] {
        drop(admin.post(WORKERS, wrong).await.problem(400, "INVALID_PAYLOAD"));
    }

    let stations = json!([station(&server, 0), station(&server, 1)]);
    let mut draft = json!({
        "code": "7001", "name": "Noa Levi", "language": "he", "department": "Milling",
        "stationIds": stations, "strictStations": true, "active": false,
    });
    let changed = admin.put(&at(WORKERS, &made), &json!(1), draft.clone()).await.ok();
    assert_eq!((&changed["department"], &changed["version"]), (&json!("Milling"), &json!(2)));
    assert_eq!(changed["stationIds"].as_array().expect("a list").len(), 2);
    assert_eq!(admin.get(&at(WORKERS, &made)).await.ok(), changed);
    drop(kiosk.with_worker("7001").get("/api/stations").await.problem(401, "UNAUTHENTICATED"));
    drop(refused(&kiosk, json!({"workerCode": "7001"})).await);
    draft["active"] = true.into();
    drop(admin.put(&at(WORKERS, &made), &json!(1), draft.clone()).await.problem(412, "PRECONDITION_FAILED"));
    drop(admin.put(&at(WORKERS, &made), &json!(2), draft).await.ok());
    drop(login(&kiosk, json!({"workerCode": "7001"})).await.ok());
    assert_eq!(admin.delete(&at(WORKERS, &made), &json!(3)).await.status, 204, "nothing needs him");
    drop(refused(&kiosk, json!({"workerCode": "7001"})).await);
    assert_eq!(audited(&server, "worker").await, 4);
}

#[tokio::test]
async fn a_worker_whom_history_needs_stays() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = super::Stand::open(&server, 1).await;
    assert!(stand.end().await.status < 300);
    let all = admin.get(&format!("{WORKERS}?limit=500")).await.ok();
    let code = worker(&server, 1);
    let him = all["items"].as_array().expect("a list").iter().find(|w| w["code"] == code).expect("him").clone();
    let said = admin.delete(&at(WORKERS, &him), &him["version"]).await.problem(409, "IN_USE");
    assert!(text(&said["detail"]).contains("active"), "{said}");
    assert_eq!(admin.get(&at(WORKERS, &him)).await.ok(), him, "with all he had");
    // Still at his kiosk: what the refused command had done is undone.
    drop(stand.caller.get("/api/stations").await.ok());
}

#[tokio::test]
async fn workers_come_in_pages_and_as_csv_without_secrets() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let (mut seen, mut address) = (Vec::new(), format!("{WORKERS}?limit=7"));
    loop {
        let page = admin.get(&address).await.ok();
        seen.extend(page["items"].as_array().expect("a list").iter().map(|worker| text(&worker["code"])));
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        address = format!("{WORKERS}?limit=7&cursor={cursor}");
    }
    assert_eq!(seen.len(), 40, "the demo's");
    assert!(seen.is_sorted());
    let file = csv(&admin, &format!("{WORKERS}?format=csv")).await;
    assert_eq!(file.lines().count(), 41);
    assert!(!file.contains("argon2"), "{file}");
}

#[tokio::test]
async fn a_pin_is_set_asked_for_and_cleared_and_read_by_nobody() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk) = (Caller::admin(&server).await, Caller::kiosk(&server, 1));
    let made = new_worker(&admin, "7001").await;
    let pin = format!("{}/pin", at(WORKERS, &made));
    for wrong in ["123", "12345678901234", "12a4", ""] {
        drop(admin.put(&pin, &json!(1), json!({"pin": wrong})).await.problem(400, "INVALID_PAYLOAD"));
    }
    drop(
        send(admin.request(Method::PUT, &pin).json(&json!({"pin": "4711"})))
            .await
            .problem(428, "PRECONDITION_REQUIRED"),
    );
    let set = admin.put(&pin, &json!(1), json!({"pin": "4711"})).await.ok();
    assert_eq!((&set["hasPin"], &set["version"]), (&json!(true), &json!(2)));
    assert!(!set.to_string().contains("4711"));
    drop(refused(&kiosk, json!({"workerCode": "7001"})).await);
    drop(login(&kiosk, json!({"workerCode": "7001", "pin": "4711"})).await.ok());
    drop(admin.delete(&pin, &json!(1)).await.problem(412, "PRECONDITION_FAILED"));
    assert_eq!(admin.delete(&pin, &json!(2)).await.ok()["hasPin"], false);
    drop(login(&kiosk, json!({"workerCode": "7001"})).await.ok());
}

#[tokio::test]
async fn a_badge_signs_in_while_it_is_valid_and_is_refused_like_an_unknown_one() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk) = (Caller::admin(&server).await, Caller::kiosk(&server, 1));
    let made = new_worker(&admin, "7001").await;
    let badges = format!("{}/badges", at(WORKERS, &made));
    let now = kiosk.get("/api/kiosks/me").await.ok()["serverTime"].clone();
    let now: Timestamp = serde_json::from_value(now).expect("a time");
    let in_hours = |hours: i64| now.plus_millis(hours * 3_600_000).to_string();
    let unknown = refused(&kiosk, json!({"badge": "04FFFFFFFF"})).await;

    let first = admin.post(&badges, json!({"code": " 04A1B2C3D4 ", "validTo": in_hours(2)})).await;
    assert_eq!(first.status, 201);
    let first = first.ok();
    assert_eq!(first["hint"], "C3D4");
    assert!(!first.to_string().contains("04A1B2"), "{first}");
    let signed_in = login(&kiosk, json!({"badge": "04A1B2C3D4"})).await.ok();
    assert_eq!(signed_in["worker"]["code"], "7001", "the badge names the worker, whose code goes on");
    drop(kiosk.with_worker("7001").get("/api/stations").await.ok());
    assert_eq!(refused(&kiosk, json!({"workerCode": "04A1B2C3D4"})).await, unknown, "a badge is no code");

    drop(admin.post(&badges, json!({"code": "04A1B2C3D4"})).await.problem(409, "CONFLICT"));
    drop(admin.post(&badges, json!({"code": "04A1\u{200b}B2C3D5"})).await.problem(400, "INVALID_PAYLOAD"));
    drop(admin.post(&badges, json!({"code": "04", "validTo": null})).await.problem(400, "INVALID_PAYLOAD"));
    drop(
        admin.post(&badges, json!({"code": "0455555", "validTo": in_hours(-1)})).await.problem(400, "INVALID_PAYLOAD"),
    );
    let later = admin.post(&badges, json!({"code": "0477777777", "validFrom": in_hours(1)})).await.ok();
    assert_eq!(refused(&kiosk, json!({"badge": "0477777777"})).await, unknown, "not yet");
    server.advance(90 * 60_000);
    drop(login(&kiosk, json!({"badge": "0477777777"})).await.ok());
    drop(login(&kiosk, json!({"badge": "04A1B2C3D4"})).await.ok());
    server.advance(60 * 60_000);
    assert_eq!(refused(&kiosk, json!({"badge": "04A1B2C3D4"})).await, unknown, "expired");

    let admin = Caller::admin(&server).await;
    let revoked = send(admin.request(Method::DELETE, &format!("/api/admin/badges/{}", text(&later["id"])))).await.ok();
    assert!(revoked["revokedAt"].is_string());
    assert_eq!(refused(&kiosk, json!({"badge": "0477777777"})).await, unknown, "revoked");
    drop(admin.post(&badges, json!({"code": "0477777777"})).await.ok());
    drop(login(&kiosk, json!({"badge": "0477777777"})).await.ok());
    assert_eq!(admin.get(&badges).await.ok()["badges"].as_array().expect("a list").len(), 3);
    let stored = "SELECT count(*) FROM badges WHERE hex(code_hash) LIKE '%0477777777%' OR hint LIKE '%0477%'";
    assert_eq!(millrace_tests::sql::count(&server.data_dir().join("millrace.db"), stored).await, 0);
}

#[tokio::test]
async fn a_code_sent_as_a_badge_still_signs_in_and_one_of_the_two_is_to_be_sent() {
    let server = TestServer::demo(&[]);
    let kiosk = Caller::kiosk(&server, 1);
    let code = worker(&server, 1);
    assert_eq!(login(&kiosk, json!({"badge": code})).await.ok()["worker"]["code"], code);
    drop(login(&kiosk, json!({"badge": code, "workerCode": code})).await.problem(400, "INVALID_PAYLOAD"));
    drop(login(&kiosk, json!({"pin": "1234"})).await.problem(400, "INVALID_PAYLOAD"));
}

#[tokio::test]
async fn a_badge_asks_for_the_pin_where_policy_gave_one_and_says_no_more_than_that_it_was_wrong() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk) = (Caller::admin(&server).await, Caller::kiosk(&server, 1));
    let made = new_worker(&admin, "7001").await;
    let withheld = admin.put(&format!("{}/pin", at(WORKERS, &made)), &json!(1), json!({"pin": "4711"})).await.ok();
    drop(admin.post(&format!("{}/badges", at(WORKERS, &made)), json!({"code": "04A1B2C3D4"})).await.ok());
    let unknown = refused(&kiosk, json!({"badge": "04FFFFFFFF"})).await;
    for wrong in [json!({"badge": "04A1B2C3D4"}), json!({"badge": "04A1B2C3D4", "pin": "4712"})] {
        assert_eq!(refused(&kiosk, wrong).await, unknown, "a lost badge alone opens nothing, and says nothing");
    }
    let signed_in = login(&kiosk, json!({"badge": "04A1B2C3D4", "pin": "4711"})).await.ok();
    assert_eq!(signed_in["worker"]["code"], "7001");
    let draft = json!({"code": "7001", "name": "Noa Levi", "language": "he", "active": false});
    drop(admin.put(&at(WORKERS, &made), &withheld["version"], draft).await.ok());
    assert_eq!(refused(&kiosk, json!({"badge": "04A1B2C3D4", "pin": "4711"})).await, unknown, "out of service");
}

#[tokio::test]
async fn a_badge_gives_no_second_row_of_guesses() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk) = (Caller::admin(&server).await, Caller::kiosk(&server, 1));
    let made = new_worker(&admin, "7001").await;
    drop(admin.put(&format!("{}/pin", at(WORKERS, &made)), &json!(1), json!({"pin": "4711"})).await.ok());
    drop(admin.post(&format!("{}/badges", at(WORKERS, &made)), json!({"code": "04A1B2C3D4"})).await.ok());
    let mut judged = 0;
    for guess in 0..10 {
        let pin = format!("000{guess}");
        for body in [json!({"workerCode": "7001", "pin": pin}), json!({"badge": "04A1B2C3D4", "pin": pin})] {
            judged += u32::from(login(&kiosk, body).await.status == 401);
        }
    }
    assert!(judged <= 6, "{judged} PINs were looked at");
}

#[tokio::test]
async fn a_user_is_made_logs_in_and_is_managed() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let draft = json!({"username": "dana", "name": "Dana", "role": "supervisor"});
    let mut new = draft.clone();
    new["password"] = "a long enough one".into();
    let made = admin.post(USERS, new.clone()).await.ok();
    assert!(!made.to_string().contains("password"), "{made}");
    drop(admin.post(USERS, new.clone()).await.problem(409, "CONFLICT"));
    new["username"] = "dina".into();
    new["password"] = "short".into();
    drop(admin.post(USERS, new).await.problem(400, "INVALID_PAYLOAD"));
    let linked = json!({"username": "dana", "name": "Dana", "role": "supervisor", "workerId": made["id"]});
    drop(admin.put(&at(USERS, &made), &json!(1), linked).await.problem(400, "INVALID_PAYLOAD"));

    let dana = as_user(&server, "dana", "a long enough one").await;
    let mut events = Events::open(&dana, "/api/admin/dashboard/active-sessions/stream").await;
    drop(events.wait_for("initial").await);
    let mut renamed = draft.clone();
    renamed["name"] = "Dana B".into();
    drop(admin.put(&at(USERS, &made), &json!(1), renamed).await.ok());
    drop(dana.get("/api/admin/me").await.ok());

    let mut promoted = draft.clone();
    promoted["role"] = "admin".into();
    drop(admin.put(&at(USERS, &made), &json!(1), promoted.clone()).await.problem(412, "PRECONDITION_FAILED"));
    drop(admin.put(&at(USERS, &made), &json!(2), promoted).await.ok());
    assert_eq!(events.wait_for("goodbye").await.data["reason"], "revoked", "another role ends the stream");
    drop(dana.get("/api/admin/me").await.problem(401, "UNAUTHENTICATED"));
    let dana = as_user(&server, "dana", "a long enough one").await;
    drop(dana.get(USERS).await.ok());

    let password = format!("{}/password", at(USERS, &made));
    drop(admin.put(&password, &json!(3), json!({"password": "another long one"})).await.ok());
    drop(dana.get(USERS).await.problem(401, "UNAUTHENTICATED"));
    let dana = as_user(&server, "dana", "another long one").await;
    let mut retired = draft;
    retired["active"] = false.into();
    drop(admin.put(&at(USERS, &made), &json!(4), retired).await.ok());
    drop(dana.get(USERS).await.problem(401, "UNAUTHENTICATED"));
    let again = json!({"username": "dana", "password": "another long one"});
    drop(Caller::nobody(&server).post("/api/admin/login", again).await.problem(401, "UNAUTHENTICATED"));
    assert_eq!(admin.delete(&at(USERS, &made), &json!(5)).await.status, 204);
    assert_eq!(audited(&server, "user").await, 6);
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let all = admin.get(USERS).await.ok();
    let me = all["items"].as_array().expect("a list").iter().find(|user| user["role"] == "admin").expect("one").clone();
    let mut less = json!({"username": me["username"], "name": me["name"], "role": "supervisor"});
    drop(admin.put(&at(USERS, &me), &me["version"], less.clone()).await.problem(409, "IN_USE"));
    less["role"] = "admin".into();
    less["active"] = false.into();
    drop(admin.put(&at(USERS, &me), &me["version"], less.clone()).await.problem(409, "IN_USE"));
    drop(admin.delete(&at(USERS, &me), &me["version"]).await.problem(409, "IN_USE"));
    let other = json!({"username": "eve", "name": "Eve", "role": "admin", "password": "a long enough one"});
    drop(admin.post(USERS, other).await.ok());
    drop(admin.put(&at(USERS, &me), &me["version"], less).await.ok());
    drop(admin.get("/api/admin/me").await.problem(401, "UNAUTHENTICATED"));
}

async fn as_user(server: &TestServer, username: &str, password: &str) -> Caller {
    let nobody = Caller::nobody(server);
    let login = nobody.post("/api/admin/login", json!({"username": username, "password": password})).await.ok();
    nobody.with_token(&text(&login["token"]))
}
