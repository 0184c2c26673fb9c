//! The server is off when the kiosks start: people work all the same, and afterwards it is all in history, once.

use super::{Kiosk, station};
use millrace_kiosk::view::{Ending, LinkState, TakingOver};
use millrace_protocol::report::ReportDraft;
use millrace_protocol::status::ReasonType;
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql::count;
use millrace_tests::switch::Switch;
use serde_json::json;

const KIOSKS: usize = 20;

/// Workers without a PIN: a kiosk that never heard one knows nobody by it.
fn plain_workers(server: &TestServer) -> Vec<String> {
    let workers = server.ready["workers"].as_array().unwrap().iter();
    workers.filter(|worker| worker["pin"].is_null()).map(|worker| worker["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn twenty_kiosks_start_report_hand_over_and_end_without_the_server_and_all_is_in_history_once() {
    let server = TestServer::demo(&["--kiosks", "48"]);
    let switch = Switch::to(&server).await;
    let workers = plain_workers(&server);
    assert!(workers.len() >= 2 * KIOSKS, "{}", workers.len());
    let mut disks = vec![];
    for number in 0..KIOSKS {
        let kiosk = Kiosk::number(&server, number, &switch.url).await;
        kiosk.shows("provisions", |view| view.provisions.is_some()).await;
        kiosk.engine.shutdown().await;
        disks.push(kiosk.folder);
    }
    let stations: Vec<_> = (0..KIOSKS).map(|number| station(&server, number)).collect();
    let folder = server.kill9();

    let mut kiosks = vec![];
    for (number, disk) in disks.into_iter().enumerate() {
        let kiosk = Kiosk::on(disk).await;
        kiosk.shows("offline", |view| view.link.state == LinkState::Offline).await;
        kiosk.engine.sign_in(workers[number].clone(), None).await.unwrap();
        kiosk.engine.open(stations[number], None).await.unwrap();
        kiosk.change_to("setup").await;
        let reasons = kiosk.engine.reasons(stations[number], ReasonType::Malfunction).await.unwrap();
        let report: ReportDraft =
            serde_json::from_value(json!({"type": "malfunction", "reasonId": reasons[0].id})).unwrap();
        kiosk.engine.report(report).await.unwrap();
        kiosk.engine.sign_in(workers[KIOSKS + number].clone(), None).await.unwrap();
        kiosk.engine.hand_over(TakingOver::default()).await.unwrap();
        assert_eq!(kiosk.session().unwrap(), (stations[number], 1, "setup".to_owned()), "the machine goes on");
        kiosk.change_to("cleaning").await;
        kiosk.engine.end(Ending::default()).await.unwrap();
        assert_eq!(kiosk.engine.view().waiting, 6);
        kiosks.push(kiosk);
    }

    let starting = tokio::task::spawn_blocking(move || TestServer::demo_in(folder, &["--kiosks", "48"]));
    let server = starting.await.unwrap();
    switch.leads_to(&server);
    for kiosk in &kiosks {
        let view = kiosk.sent().await;
        assert!(view.unsaid.is_empty() && view.ended.is_none() && view.session.is_none(), "{view:#?}");
    }
    let database = server.data_dir().join("millrace.db");
    let each = i64::try_from(KIOSKS).unwrap();
    for (what, expected) in [
        ("sessions", 2 * each),
        ("sessions WHERE started_offline = 1 AND status = 'completed'", 2 * each),
        ("sessions WHERE close_reason = 'handover'", each),
        // Stop, setup; setup, cleaning.
        ("status_events", 4 * each),
        ("status_events WHERE ended_at IS NULL", 0),
        ("reports", each),
        ("actions", 6 * each),
        ("quarantine", 0),
    ] {
        assert_eq!(count(&database, &format!("SELECT count(*) FROM {what}")).await, expected, "{what}");
    }
}

#[tokio::test]
async fn a_session_that_was_closed_for_want_of_contact_comes_back_with_its_kiosk() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let kiosk = Kiosk::number(&server, 0, &switch.url).await;
    kiosk.sign_in(&server, 0).await;
    kiosk.engine.open(station(&server, 0), None).await.unwrap();
    kiosk.change_to("setup").await;
    kiosk.sent().await;
    switch.turn_off();
    kiosk.shows("offline", |view| view.link.state == LinkState::Offline).await;
    let database = server.data_dir().join("millrace.db");
    let open = "SELECT count(*) FROM sessions WHERE status = 'active'";
    let admin = Caller::admin(&server).await;
    for _ in 0..60 {
        server.advance(10_000);
        // Its own watch may be slower than the test's time goes.
        drop(admin.post("/api/cron/close-idle-sessions", json!({})).await.ok());
        if count(&database, open).await == 0 {
            break;
        }
    }
    assert_eq!(count(&database, open).await, 0, "it was closed");
    switch.leads_to(&server);
    let recovered = |view: &millrace_kiosk::view::KioskView| {
        view.waiting == 0 && view.session.as_ref().is_some_and(|own| own.session.recovered_at.is_some())
    };
    let view = kiosk.shows("brought back", recovered).await;
    assert_eq!((view.session.unwrap().epoch, view.ended), (1, None));
    assert_eq!(count(&database, open).await, 1);
    kiosk.change_to("cleaning").await;
    kiosk.sent().await;
    assert_eq!(kiosk.session().unwrap().2, "cleaning");
}
