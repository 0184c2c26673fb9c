//! The watch over contacts, on a clock that the test drives.

use super::{Stand, board};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql::count;
use serde_json::{Value, json};

/// Lets 20 s pass and the server look at every session.
async fn step(server: &TestServer, admin: &Caller) -> Value {
    server.advance(20_000);
    admin.post("/api/cron/close-idle-sessions", json!({})).await.ok()
}

async fn contact(server: &TestServer, admin: &Caller, stand: &Stand) -> Value {
    let found = board(server, admin).await.into_iter().find(|session| session["id"] == stand.session);
    found.map(|session| session["contact"].clone()).unwrap_or_default()
}

#[tokio::test]
async fn contact_fades_then_the_session_is_closed_at_its_last_contact() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut silent = Stand::open(&server, 1).await;
    let mut heard = Stand::open(&server, 2).await;
    drop(silent.enter("production").await.ok());
    drop(silent.beat().await.ok());
    let last_contact = silent.now.clone();
    let mut seen = Vec::new();
    let mut closed = 0;
    for _ in 0..17 {
        let swept = step(&server, &admin).await;
        closed += swept["closed"].as_u64().expect("a count");
        drop(heard.beat().await.ok());
        let now = contact(&server, &admin, &silent).await;
        if seen.last() != Some(&now) {
            seen.push(now);
        }
    }
    // The server's own watch may have been quicker than our asking: that it closed is seen, not who closed it.
    assert!(closed <= 1, "{closed} closed");
    assert_eq!(seen, [json!("online"), json!("stale"), json!("lost"), json!(null)]);
    assert_eq!(contact(&server, &admin, &heard).await, "online");

    let gone = silent.beat().await.problem(410, "SESSION_NOT_ACTIVE");
    assert_eq!((&gone["reason"], &gone["provisional"]), (&json!("idle"), &json!(true)));
    assert_eq!(gone["endedAt"], json!(last_contact), "at its last contact, not when the server noticed");
    let free = heard.caller.get("/api/stations").await.ok();
    let station = free["stations"].as_array().unwrap().iter().find(|s| s["id"] == silent.station).unwrap().clone();
    assert!(station["occupancy"].is_null(), "the station is free");
}

#[tokio::test]
async fn a_server_that_did_not_watch_closes_nobody() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    drop(admin.post("/api/cron/close-idle-sessions", json!({})).await.ok());
    // Six minutes in one go: as if the machine had been away.
    server.advance(360_000);
    let swept = admin.post("/api/cron/close-idle-sessions", json!({})).await.ok();
    assert_eq!((&swept["checked"], &swept["closed"]), (&json!(1), &json!(0)), "whole idle limit first");
    drop(stand.beat().await.ok());
    assert_eq!(contact(&server, &admin, &stand).await, "online");
}

#[tokio::test]
async fn a_wall_clock_set_forward_closes_nobody() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    server.jump_wall(3_600_000);
    drop(admin.post("/api/cron/close-idle-sessions", json!({})).await.ok());
    for _ in 0..3 {
        assert_eq!(step(&server, &admin).await["closed"], 0);
    }
    drop(stand.beat().await.ok());
}

#[tokio::test]
async fn the_server_watches_by_itself() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let stand = Stand::open(&server, 1).await;
    let mut events = millrace_tests::events::Events::open(&admin, "/api/admin/dashboard/active-sessions/stream").await;
    drop(events.wait_for("initial").await);
    for _ in 0..2 {
        server.advance(20_000);
    }
    let update = events.wait_for("update").await;
    assert_eq!(
        (&update.data["session"]["id"], &update.data["session"]["contact"]),
        (&json!(stand.session), &json!("stale"))
    );
}

#[tokio::test]
async fn a_kiosk_that_nobody_touches_is_flagged_and_a_touch_takes_the_flag_away() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut stand = Stand::open(&server, 1).await;
    let station = admin.get(&format!("/api/admin/stations/{}", stand.station)).await.ok();
    let mut draft = json!({"untouchedMs": 120_000});
    for member in ["code", "name", "type", "areaId"] {
        draft[member] = station[member].clone();
    }
    let path = format!("/api/admin/stations/{}", stand.station);
    assert_eq!(admin.put(&path, &station["version"], draft).await.ok()["untouchedMs"], 120_000);
    drop(stand.enter("setup").await.ok());
    let touched = stand.now.clone();
    for _ in 0..9 {
        drop(stand.beat().await.ok());
        drop(step(&server, &admin).await);
    }
    assert_eq!(board(&server, &admin).await[0]["untouchedSince"], json!(touched), "heartbeats are no hand");
    let database = server.data_dir().join("millrace.db");
    let kept = count(&database, "SELECT touched_at FROM leases").await;
    for _ in 0..17 {
        drop(step(&server, &admin).await);
    }
    assert!(board(&server, &admin).await.is_empty(), "closed for want of contact");
    let since = stand.now.clone();
    let mut body = json!({"sessionId": stand.session, "runningSince": since});
    body["action"] = stand.stamp();
    assert_eq!(stand.caller.post("/api/sessions/reopen", body).await.ok()["outcome"], "applied");
    assert_eq!(board(&server, &admin).await[0]["untouchedSince"], json!(touched), "nor is a kiosk that is back");
    assert_eq!(count(&database, "SELECT touched_at FROM leases").await, kept, "it does not count as one");
    drop(stand.beat().await.ok());
    drop(stand.enter("production").await.ok());
    for _ in 0..9 {
        drop(stand.beat().await.ok());
        drop(step(&server, &admin).await);
    }
    assert_eq!(board(&server, &admin).await[0]["untouchedSince"], json!(null), "who produces needs no hand");
}
