//! "Still working?": the server asks by itself, and the kiosk hears it.

use super::outage::driven;
use millrace_domain::DrivenClock;
use millrace_kiosk::view::Ended;
use millrace_protocol::session::CloseReason;
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Read from the database each time: a board's snapshot may be a second old, on a clock that stands still here.
const OPEN: &str = "/api/admin/sessions?status=active";
/// Shorter than a stream may be silent, and than a heartbeat may be missing.
const STEP: Duration = Duration::from_secs(25);

/// Half a day is nearly over for every open session, whatever the hour: without a calendar that is what counts.
pub(crate) async fn long_at_work(server: &TestServer) {
    let database = server.data_dir().join("millrace.db");
    sql::run(&database, "UPDATE areas SET calendar_id = NULL").await;
    sql::run(&database, "UPDATE sessions SET started_at = started_at - 41400000 WHERE status = 'active'").await;
}

#[tokio::test]
async fn a_kiosk_that_nobody_touches_hears_that_it_is_asked_and_that_it_is_answered() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let clock = Arc::new(DrivenClock::new());
    let kiosk = driven(&server, 0, &server.url, &clock).await;
    long_at_work(&server).await;
    let own = |open: &serde_json::Value| open["items"][0].clone();
    // The kiosk is in contact all the time.
    let passes_until = async |what: &str, hours: u32, so: fn(&Value) -> bool| {
        let mut steps = 0;
        while !so(&own(&admin.get(OPEN).await.ok())) {
            steps += 1;
            assert!(steps < hours * 3_600 / 25, "{what}");
            server.advance(25_000);
            // Its own watch may be slower than the test's time goes.
            drop(admin.post("/api/cron/close-idle-sessions", json!({})).await.ok());
            clock.advance(STEP);
            // The server's answer is what it waits for. A server that saw a slow batch asks for fewer beats, so the
            // kiosk's time must go on for the next one to be due.
            let began = Instant::now();
            while own(&admin.get(OPEN).await.ok()).get("contact").is_some_and(|contact| contact != "online") {
                assert!(began.elapsed() < Duration::from_secs(20), "no heartbeat");
                clock.advance(Duration::from_millis(200));
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    };
    passes_until("the server does not ask", 2, |own| own["askedAt"].is_string()).await;
    let view =
        kiosk.shows("asked", |view| view.session.as_ref().is_some_and(|own| own.session.asked_at.is_some())).await;
    assert!(view.ended.is_none());
    // A tap is an answer.
    kiosk.change_to("cleaning").await;
    kiosk.sent().await;
    kiosk.shows("answered", |view| view.session.as_ref().is_some_and(|own| own.session.asked_at.is_none())).await;
    assert!(own(&admin.get(OPEN).await.ok())["askedAt"].is_null());

    // Asked again, nobody answers. It is closed, and a kiosk that goes on beating does not bring it back.
    passes_until("the server does not ask again", 1, |own| own["askedAt"].is_string()).await;
    passes_until("nobody is there, and it goes on", 1, Value::is_null).await;
    let view = kiosk.shows("closed", |view| view.ended.is_some()).await;
    assert!(matches!(view.ended, Some(Ended::Closed { reason: Some(CloseReason::Forgotten), .. })), "{:?}", view.ended);
    // Its worker is offered it, and goes on.
    kiosk.sign_in(&server, 0).await;
    assert!(kiosk.engine.view().session.is_none() && own(&admin.get(OPEN).await.ok()).is_null(), "it stays closed");
    kiosk.engine.continue_here().await.unwrap();
    assert_eq!(own(&admin.get(OPEN).await.ok())["status"], "active");
}
