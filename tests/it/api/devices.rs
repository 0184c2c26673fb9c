//! Kiosks and enrolment codes, managed from outside.

use super::{audited, csv, station, text};
use millrace_tests::call::{Caller, send};
use millrace_tests::server::TestServer;
use reqwest::Method;
use reqwest::header::USER_AGENT;
use serde_json::{Value, json};

const KIOSKS: &str = "/api/admin/kiosks";
const CODES: &str = "/api/admin/enrolment-codes";

#[tokio::test]
async fn a_kiosk_shows_where_it_stands_what_it_runs_and_when_it_was_heard() {
    let server = TestServer::demo(&[]);
    let (admin, kiosk) = (Caller::admin(&server).await, Caller::kiosk(&server, 1));
    let id = text(&kiosk.get("/api/kiosks/me").await.ok()["kioskId"]);
    let address = format!("{KIOSKS}/{id}");
    let before = admin.get(&address).await.ok();
    assert_eq!((&before["program"], &before["revokedAt"]), (&Value::Null, &Value::Null));
    assert_eq!(before["stationCode"], server.ready["kiosks"][1]["stationCode"]);

    let said = kiosk.request(Method::GET, "/api/kiosks/me").header(USER_AGENT, "millrace-kiosk/9.9.9");
    drop(send(said).await.ok());
    server.advance(60_000);
    drop(kiosk.signed_in(&server, 1).await);
    let after = admin.get(&address).await.ok();
    assert_eq!(after["program"], "millrace-kiosk/9.9.9");
    assert!(text(&after["lastContactAt"]) > text(&before["lastContactAt"]));
    assert_eq!(after["version"], before["version"], "what it says itself is no change by anybody");

    let draft = json!({"name": "Gate", "stationId": station(&server, 2)});
    drop(admin.put(&address, &json!(7), draft.clone()).await.problem(412, "PRECONDITION_FAILED"));
    assert_eq!(admin.put(&address, &after["version"], draft).await.ok()["name"], "Gate");
    assert_eq!(kiosk.get("/api/kiosks/me").await.ok()["stationId"], station(&server, 2));
    let nowhere = json!({"name": "Gate", "stationId": id});
    drop(admin.put(&address, &json!(2), nowhere).await.problem(400, "INVALID_PAYLOAD"));
    assert_eq!(send(admin.request(Method::DELETE, &address)).await.status, 204);
    assert!(admin.get(&address).await.ok()["revokedAt"].is_string(), "it stays in the list");
    let all = admin.get(&format!("{KIOSKS}?limit=500")).await.ok()["items"].as_array().expect("a list").len();
    assert_eq!(csv(&admin, &format!("{KIOSKS}?format=csv")).await.lines().count(), all + 1);
    let first = admin.get(&format!("{KIOSKS}?limit=1")).await.ok();
    let second = admin.get(&format!("{KIOSKS}?limit=1&cursor={}", text(&first["nextCursor"]))).await.ok();
    assert_ne!(first["items"], second["items"]);
    assert_eq!(audited(&server, "kiosk").await, 2);
}

#[tokio::test]
async fn an_enrolment_code_is_listed_until_it_is_used_expired_or_taken_back() {
    let server = TestServer::demo(&[]);
    let (admin, nobody) = (Caller::admin(&server).await, Caller::nobody(&server));
    let make = async |name: &str| admin.post(CODES, json!({"kioskName": name})).await.ok();
    let (used, back, kept) = (make("Used").await, make("Back").await, make("Kept").await);
    let open = async || {
        let list = admin.get(CODES).await.ok();
        assert!(!list.to_string().contains(&text(&kept["code"])), "{list}");
        list["items"].as_array().expect("a list").iter().map(|code| text(&code["kioskName"])).collect::<Vec<_>>()
    };
    assert_eq!(open().await.len(), 3);
    assert_eq!(admin.get(CODES).await.ok()["items"][0]["createdBy"], server.ready["admin"]["username"]);
    let page = admin.get(&format!("{CODES}?limit=2")).await.ok();
    let rest = admin.get(&format!("{CODES}?limit=2&cursor={}", text(&page["nextCursor"]))).await.ok();
    assert_eq!((rest["items"].as_array().map(Vec::len), &rest["nextCursor"]), (Some(1), &Value::Null));
    let other = admin.get(&format!("{KIOSKS}?limit=1")).await.ok();
    let of_another = admin.get(&format!("{CODES}?cursor={}", text(&other["nextCursor"]))).await;
    drop(of_another.problem(400, "INVALID_PAYLOAD"));

    drop(nobody.post("/api/kiosks/enroll", json!({"code": used["code"]})).await.ok());
    let take_back =
        async |code: &Value| send(admin.request(Method::DELETE, &format!("{CODES}/{}", text(&code["id"])))).await;
    drop(take_back(&used).await.problem(404, "NOT_FOUND"));
    assert_eq!(take_back(&back).await.status, 204);
    drop(nobody.post("/api/kiosks/enroll", json!({"code": back["code"]})).await.problem(401, "UNAUTHENTICATED"));
    assert_eq!(open().await, ["Kept"]);
    server.advance(25 * 3_600_000);
    let admin = Caller::admin(&server).await;
    assert_eq!(admin.get(CODES).await.ok()["items"], json!([]), "expired");
    assert_eq!(audited(&server, "enrolment code").await, 4);
}
