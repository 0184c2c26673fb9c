//! The supervisor's desk in the real window: its streams are read by the shell and come over the IPC.

use super::station;
use millrace_domain::{Chance, Clock, SystemChance, SystemClock};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::window::{App, Screen, Window};
use serde_json::json;

/// A worker at the station of this kiosk, by the interface alone: his session's id.
async fn opens(server: &TestServer, number: usize) -> String {
    let caller = Caller::kiosk(server, number).signed_in(server, number).await;
    let stations = server.ready["stations"].as_array().unwrap();
    let id = &stations.iter().find(|known| known["code"] == station(server, number).as_str()).unwrap()["id"];
    let instance = SystemChance.uuid(SystemClock::new().now()).to_string();
    let opened = caller.post("/api/sessions", json!({"stationId": id, "instanceId": instance})).await.ok();
    opened["session"]["id"].as_str().unwrap().to_owned()
}

async fn log_in(window: &Window, server: &TestServer) {
    let admin = &server.ready["admin"];
    for (field, value) in [
        ("server", server.url.as_str()),
        ("username", admin["username"].as_str().unwrap()),
        ("password", admin["password"].as_str().unwrap()),
    ] {
        window.shows(&format!("[data-testid='desk-{field}']")).await.send_keys(value).await.unwrap();
    }
    press(window, "desk-submit").await;
}

/// A mouse at the desk: nothing there waits for a finger to be up.
async fn press(window: &Window, name: &str) {
    window.shows(&format!("[data-testid='{name}']:not([data-disabled])")).await.click().await.unwrap();
}

#[tokio::test]
async fn the_desk_follows_the_floor_and_its_lists_through_a_restart_of_the_server() {
    let server = TestServer::demo(&[]);
    let listen = server.url.strip_prefix("http://").unwrap().to_owned();
    let (screen, app) = (Screen::new(), App::desk());
    let window = screen.open(&app).await;
    log_in(&window, &server).await;
    window.shows("[data-testid='freshness'][data-state='live']").await;
    let session = opens(&server, 0).await;
    let row = format!("[data-testid='board-row-{}']", station(&server, 0));
    window.shows(&row).await;

    // One session more closely, beside the board.
    press(&window, &format!("board-open-{}", station(&server, 0))).await;
    window.shows("[data-testid='detail-state'][data-status='stop']").await;
    window.shows("[data-testid='detail-event']").await;
    window.picture("desktop-9-desk").await;

    let folder = server.kill9();
    window.shows("[data-testid='freshness-band'][data-state='stale']").await;
    window.picture("desktop-10-desk-stale").await;
    let server = tokio::task::spawn_blocking(move || TestServer::demo_at(folder, &listen, &[])).await.unwrap();
    let admin = Caller::admin(&server).await;
    let forced = json!({"reason": "went home"});
    drop(admin.post(&format!("/api/admin/sessions/{session}/close"), forced).await.ok());
    window.shows("[data-testid='freshness'][data-state='live']").await;
    window.shows("[data-testid='detail-state'][data-status='ended']").await;
    window.shows(&format!("[data-testid='board-free-{}']", station(&server, 0))).await;

    // A list is there at once, and what is made elsewhere comes by itself.
    press(&window, "place-jobs").await;
    window.shows("[data-testid='jobs']").await;
    let job = admin.post("/api/admin/jobs", json!({"number": "W-1"})).await.ok();
    let steps = json!([{"stationId": server.ready["stations"][0]["id"]}]);
    let item = json!({"name": "Bracket", "plannedQuantity": 5, "steps": steps});
    drop(admin.post(&format!("/api/admin/jobs/{}/items", job["id"].as_str().unwrap()), item).await.ok());
    window.shows("[data-testid='job-W-1']").await;
    window.close().await;
}

#[tokio::test]
async fn who_chooses_a_station_sees_others_come() {
    let server = TestServer::demo(&[]);
    let (screen, app) = (Screen::new(), App::kiosk(&server, 0));
    let window = screen.open(&app).await;
    window.sign_in(&server, 0).await;
    let tile = format!("[data-testid='station-{}']", station(&server, 1));
    window.shows(&format!("{tile}:not([data-disabled])")).await;
    drop(opens(&server, 1).await);
    window.shows(&format!("{tile}[data-disabled]")).await;
    window.close().await;
}
