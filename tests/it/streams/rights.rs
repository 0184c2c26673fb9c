//! A stream ends with the sign-in it was opened under, however that ends; and reading does not prolong it.

use super::{Hand, change};
use millrace_tests::call::Caller;
use millrace_tests::events::Events;
use millrace_tests::server::TestServer;
use millrace_tests::sql;
use serde_json::json;

fn pipeline(hand: &Hand) -> String {
    format!("/api/sessions/pipeline/stream?workerId={}", hand.worker)
}

async fn opened(hand: &Hand) -> Events {
    let mut events = Events::open(&hand.caller, &pipeline(hand)).await;
    drop(events.wait_for("initial").await);
    events
}

#[tokio::test]
async fn a_sign_in_that_nobody_touches_ends_its_streams_though_they_are_read_again_and_again() {
    let server = TestServer::demo(&[]);
    let (idle, mut busy) = (Hand::at(&server, 1).await, Hand::at(&server, 2).await);
    drop(busy.open().await.ok());
    let (mut events, mut working) = (opened(&idle).await, opened(&busy).await);
    for _ in 0..9 {
        server.advance(60_000);
        // Made anew, and polled: neither is a touch.
        drop(opened(&idle).await);
        drop(idle.caller.get(&format!("{}&snapshot=1", pipeline(&idle))).await.ok());
    }
    server.advance(70_000);
    loop {
        let goodbye = events.wait_for("goodbye").await.data["reason"].clone();
        if goodbye == "revoked" {
            break;
        }
        // It may have come of age before.
        assert_eq!(goodbye, "rotate");
        events = opened(&idle).await;
    }
    drop(idle.caller.get(&pipeline(&idle)).await.problem(401, "UNAUTHENTICATED"));
    // Whoever has a session stays signed in.
    drop(busy.caller.get(&format!("{}&snapshot=1", pipeline(&busy))).await.ok());
    while let Some(event) = working.next().await {
        match event.name.as_str() {
            "goodbye" => {
                assert_eq!(event.data["reason"], "rotate");
                break;
            }
            "heartbeat" if event.data["offset"].as_u64() > Some(0) => break,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_worker_taken_out_of_service_reads_no_further() {
    let server = TestServer::demo(&[]);
    let (admin, hand) = (Caller::admin(&server).await, Hand::at(&server, 1).await);
    let mut events = opened(&hand).await;
    drop(change(&admin, "workers", &hand.worker, json!({"active": false})).await.ok());
    assert_eq!(events.wait_for("goodbye").await.data["reason"], "revoked");
    drop(hand.caller.get(&pipeline(&hand)).await.problem(401, "UNAUTHENTICATED"));
    // In service again he has to sign in again.
    drop(change(&admin, "workers", &hand.worker, json!({"active": true})).await.ok());
    drop(hand.caller.get(&pipeline(&hand)).await.problem(401, "UNAUTHENTICATED"));
    let signed_in = sql::count(&server.data_dir().join("millrace.db"), "SELECT count(*) FROM sign_ins").await;
    assert_eq!(signed_in, 0);
}

#[tokio::test]
async fn a_worker_who_is_deleted_reads_no_further() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let draft = json!({"code": "9999", "name": "New", "department": null, "language": "en", "active": true,
        "stationIds": [], "strictStations": false});
    let made = admin.post("/api/admin/workers", draft).await.ok();
    let id = made["id"].as_str().expect("an id");
    let kiosk = Caller::kiosk(&server, 3);
    drop(kiosk.post("/api/workers/login", json!({"workerCode": "9999"})).await.ok());
    let path = format!("/api/sessions/pipeline/stream?workerId={id}");
    let mut events = Events::open(&kiosk, &path).await;
    drop(events.wait_for("initial").await);
    let at = format!("/api/admin/workers/{id}");
    let version = admin.get(&at).await.headers["etag"].clone();
    let delete = admin.request(reqwest::Method::DELETE, &at).header("if-match", version);
    assert_eq!(millrace_tests::call::send(delete).await.status, 204);
    assert_eq!(events.wait_for("goodbye").await.data["reason"], "revoked");
    drop(kiosk.get(&path).await.problem(401, "UNAUTHENTICATED"));
}

/// What a stream begins with.
async fn first_word(caller: &Caller, path: &str) -> String {
    Events::open(caller, path).await.next().await.expect("it says something").name
}

#[tokio::test]
async fn who_signs_in_again_reads_at_once() {
    let server = TestServer::demo(&[]);
    let (hand, kiosk) = (Hand::at(&server, 1).await, Caller::kiosk(&server, 1));
    let mut before = opened(&hand).await;
    drop(kiosk.post("/api/workers/logout", json!({})).await);
    assert_eq!(before.wait_for("goodbye").await.data["reason"], "revoked");
    kiosk.signed_in(&server, 1).await;
    let mut again = opened(&hand).await;
    // Another relieves him, and he comes back.
    kiosk.signed_in(&server, 2).await;
    assert_eq!(again.wait_for("goodbye").await.data["reason"], "revoked");
    kiosk.signed_in(&server, 1).await;
    assert_eq!(first_word(&hand.caller, &pipeline(&hand)).await, "initial");
}

#[tokio::test]
async fn who_logs_in_with_his_new_password_reads_at_once() {
    const BOARD: &str = "/api/admin/dashboard/active-sessions/stream";
    let server = TestServer::demo(&[]);
    let (admin, nobody) = (Caller::admin(&server).await, Caller::nobody(&server));
    let dana = |password: &str| json!({"username": "dana", "name": "Dana", "role": "supervisor", "password": password});
    let made = admin.post("/api/admin/users", dana("a long enough one")).await.ok();
    let login = async |password: &str| {
        let login = json!({"username": "dana", "password": password});
        let token = nobody.post("/api/admin/login", login).await.ok()["token"].as_str().expect("a token").to_owned();
        nobody.with_token(&token)
    };
    let before = login("a long enough one").await;
    let mut events = Events::open(&before, BOARD).await;
    drop(events.wait_for("initial").await);
    let path = format!("/api/admin/users/{}/password", made["id"].as_str().expect("an id"));
    drop(admin.put(&path, &made["version"], json!({"password": "another long one"})).await.ok());
    assert_eq!(events.wait_for("goodbye").await.data["reason"], "revoked");
    drop(before.get(BOARD).await.problem(401, "UNAUTHENTICATED"));
    assert_eq!(first_word(&login("another long one").await, BOARD).await, "initial");
}
