//! The real window: the built app on a screen in memory, and a worker's finger.

mod desk;

use millrace_tests::call::Caller;
use millrace_tests::events::{Event, Events};
use millrace_tests::server::TestServer;
use millrace_tests::sql::count;
use millrace_tests::switch::Switch;
use millrace_tests::window::{App, Screen, Window};
use serde_json::json;
use std::time::{Duration, Instant};

const BOARD: &str = "/api/admin/dashboard/active-sessions/stream";

fn station(server: &TestServer, kiosk: usize) -> String {
    server.ready["kiosks"][kiosk]["stationCode"].as_str().unwrap().to_owned()
}

fn shown(status: &str) -> String {
    format!("[data-testid='state-word'][data-key='{status}']")
}

/// A worker at his station, cleaning it.
async fn at_work(window: &Window, server: &TestServer) {
    window.sign_in(server, 0).await;
    window.tap(&format!("station-{}", station(server, 0))).await;
    window.shows(&shown("stop")).await;
    window.tap("status-cleaning").await;
    window.shows("[data-testid='strip'][data-state='applied']").await;
    window.shows(&shown("cleaning")).await;
}

/// The board's next event that carries this status.
async fn told(board: &mut Events, status: &str) -> Event {
    loop {
        let event = board.next().await.expect("the stream goes on");
        if event.data["session"]["currentStatus"]["key"] == status {
            return event;
        }
    }
}

async fn epoch(server: &TestServer) -> u64 {
    let kiosk = Caller::kiosk(server, 0).get("/api/kiosk/stream?snapshot=1").await.ok();
    kiosk["epoch"].as_u64().unwrap_or_else(|| panic!("no session: {kiosk}"))
}

#[tokio::test]
async fn a_tap_reaches_the_board() {
    let server = TestServer::demo(&[]);
    let admin = Caller::admin(&server).await;
    let mut board = Events::open(&admin, BOARD).await;
    assert_eq!(board.wait_for("initial").await.data["sessions"], json!([]));

    let (screen, app) = (Screen::new(), App::kiosk(&server, 0));
    let window = screen.open(&app).await;
    window.shows("[data-testid='link-state'][data-state='online']").await;
    window.picture("desktop-1-sign-in").await;
    window.sign_in(&server, 0).await;
    let tile = format!("station-{}", station(&server, 0));
    window.shows(&format!("[data-testid='{tile}']")).await;
    window.picture("desktop-2-stations").await;
    window.tap(&tile).await;
    let opened = board.wait_for("insert").await;
    assert_eq!(opened.data["session"]["currentStatus"]["key"], "stop");
    assert_eq!(opened.data["session"]["stationCode"], station(&server, 0).as_str());
    window.shows(&shown("stop")).await;

    let tile = window.shows("[data-guard='open'] [data-testid='status-cleaning']:not([data-disabled])").await;
    let began = Instant::now();
    let (click, (event, took)) =
        tokio::join!(tile.click(), async { (told(&mut board, "cleaning").await, began.elapsed()) });
    click.unwrap();
    #[expect(clippy::print_stdout, reason = "a figure for people")]
    {
        println!("from the tap to the board, the driver's own time included: {took:?}");
    }
    assert!(took < Duration::from_secs(10), "told by the stream, not by the next heartbeat: {took:?}");
    assert_eq!(event.data["session"]["stationCode"], station(&server, 0).as_str());
    window.shows("[data-testid='strip'][data-state='applied']").await;
    window.picture("desktop-3-cleaning").await;

    window.tap("end-session").await;
    window.tap("end-confirm").await;
    assert_eq!(board.wait_for("delete").await.data["reason"], "completed");
    window.shows("[data-testid='summary']").await;
    window.picture("desktop-4-summary").await;
    window.tap("summary-ready").await;
    window.shows("[data-testid='signin-code']").await;
    window.close().await;
}

#[tokio::test]
async fn a_second_start_brings_the_first_window_to_the_front() {
    let server = TestServer::demo(&[]);
    let (screen, app, other) = (Screen::new(), App::kiosk(&server, 0), App::desk());
    let window = screen.open(&app).await;
    window.shows("[data-testid='signin-code']").await;
    let first = screen.windows_are("one window", |all| all.len() == 1).await.remove(0);

    // Another program of ours, on a data directory of its own, lies over it.
    let _covers = screen.start(&other);
    screen.windows_are("another one over it", |all| all.len() == 2 && all[0] != first).await;

    let second = screen.start_again(&app);
    assert!(second.status.success(), "{second:?}");
    screen.windows_are("the first one in front", |all| all.len() == 2 && all[0] == first).await;
    window.shows("[data-testid='signin-code']").await;
    assert_eq!(window.ask("return document.hasFocus()").await, true, "it has the keyboard, too");
}

#[tokio::test]
async fn without_a_bus_the_lock_file_lets_one_in() {
    let server = TestServer::demo(&[]);
    let (screen, app) = (Screen::without_bus(), App::kiosk(&server, 0));
    let _first = screen.start(&app);
    screen.windows_are("one window", |all| all.len() == 1).await;
    let second = screen.start_again(&app);
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(said.contains("running already"), "{said}");
    assert!(second.status.success(), "{said}");
    assert_eq!(screen.windows().len(), 1, "the first one stays");
}

#[tokio::test]
async fn what_is_tapped_without_the_server_is_saved_here_and_sent_once() {
    let server = TestServer::demo(&[]);
    let (screen, app) = (Screen::new(), App::kiosk(&server, 0));
    let window = screen.open(&app).await;
    at_work(&window, &server).await;

    let listen = server.url.strip_prefix("http://").unwrap().to_owned();
    let folder = server.kill9();
    window.tap("status-setup").await;
    window.shows(&shown("setup")).await;
    window.shows("[data-testid='strip'][data-state='saved']").await;
    window.shows("[data-testid='waiting'][data-count='1']").await;
    assert_eq!(window.text("waiting").await, "Saved here, 1 waiting");
    window.shows("[data-testid='link-state'][data-state='offline']").await;
    window.picture("desktop-5-saved-here").await;

    let server = TestServer::demo_at(folder, &listen, &[]);
    window.shows("[data-testid='waiting'][data-count='0']").await;
    window.shows("[data-testid='link-state'][data-state='online']").await;
    assert_eq!(window.text("waiting").await, "All sent");
    window.picture("desktop-6-sent").await;
    let once = "SELECT count(*) FROM status_events e JOIN status_definitions d ON d.id = e.status_definition_id \
                WHERE d.key = 'setup'";
    assert_eq!(count(&server.data_dir().join("millrace.db"), once).await, 1);
    let board = Caller::admin(&server).await.get(&format!("{BOARD}?snapshot=1")).await.ok();
    assert_eq!(board["sessions"][0]["currentStatus"]["key"], "setup");
    assert_eq!(epoch(&server).await, 1);
}

#[tokio::test]
async fn a_takeover_is_said_with_where_to_and_when() {
    let server = TestServer::demo(&[]);
    let (screen, app) = (Screen::new(), App::kiosk(&server, 0));
    let window = screen.open(&app).await;
    at_work(&window, &server).await;

    let elsewhere = Caller::kiosk(&server, 1).signed_in(&server, 0).await;
    let open = elsewhere.get("/api/workers/active-session").await.ok();
    let session = open["activeSession"]["session"]["id"].as_str().unwrap_or_else(|| panic!("{open}")).to_owned();
    let instance = uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);
    let began = Instant::now();
    let claimed =
        elsewhere.post("/api/sessions/takeover", json!({"sessionId": session, "instanceId": instance})).await.ok();
    assert_eq!(claimed["epoch"], 2);
    let screen_text = window.text("transferred").await;
    assert!(began.elapsed() < Duration::from_secs(10), "told by the stream, not by the next heartbeat");
    assert!(screen_text.contains("Session transferred"), "{screen_text}");
    assert!(screen_text.contains(&station(&server, 1)), "it names the kiosk: {screen_text}");
    assert!(screen_text.contains("Everything you entered was sent."), "{screen_text}");
    window.picture("desktop-7-transferred").await;
    window.tap("ended-back").await;
    window.shows("[data-testid='signin-code']").await;
}

#[tokio::test]
async fn a_killed_app_comes_back_into_the_same_session() {
    let server = TestServer::demo(&[]);
    let (screen, mut app) = (Screen::new(), App::kiosk(&server, 0));
    let window = screen.open(&app).await;
    at_work(&window, &server).await;
    app.kill9();
    drop(window);

    app.forget_enrolment_file();
    let window = screen.open(&app).await;
    window.shows(&shown("cleaning")).await;
    window.shows("[data-testid='link-state'][data-state='online']").await;
    window.picture("desktop-8-after-kill").await;
    assert!(window.text("station-name").await.contains(&station(&server, 0)));
    assert_eq!(epoch(&server).await, 1, "no takeover");
    window.tap("status-setup").await;
    window.shows("[data-testid='strip'][data-state='applied']").await;
    let board = Caller::admin(&server).await.get(&format!("{BOARD}?snapshot=1")).await.ok();
    assert_eq!(board["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(board["sessions"][0]["currentStatus"]["key"], "setup");
}

/// The film of the promise: cable out, five taps, the kiosk killed and started, the server killed and started, cable in.
#[tokio::test]
async fn five_taps_outlive_the_cable_the_kiosk_and_the_server() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let (screen, mut app) = (Screen::new(), App::kiosk_by(&server, 0, &switch.url));
    let window = screen.open(&app).await;
    at_work(&window, &server).await;
    let database = server.data_dir().join("millrace.db");
    assert_eq!(count(&database, "SELECT count(*) FROM actions").await, 1, "what was tapped before");

    switch.turn_off();
    for status in ["setup", "break", "cleaning", "setup", "cleaning"] {
        window.tap(&format!("status-{status}")).await;
        window.shows(&shown(status)).await;
        window.shows("[data-testid='strip'][data-state='saved']").await;
    }
    window.shows("[data-testid='waiting'][data-count='5']").await;
    window.shows("[data-testid='link-state'][data-state='offline']").await;
    window.picture("film-1-cable-out-five-taps").await;

    app.kill9();
    drop(window);
    app.forget_enrolment_file();
    let window = screen.open(&app).await;
    window.shows(&shown("cleaning")).await;
    window.shows("[data-testid='waiting'][data-count='5']").await;
    window.picture("film-2-kiosk-killed-and-started").await;

    let listen = server.url.strip_prefix("http://").unwrap().to_owned();
    let folder = server.kill9();
    let server = TestServer::demo_at(folder, &listen, &[]);
    window.shows("[data-testid='waiting'][data-count='5']").await;
    let cable_in = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    switch.leads_to(&server);
    window.shows("[data-testid='waiting'][data-count='0']").await;
    window.shows("[data-testid='link-state'][data-state='online']").await;
    window.picture("film-3-cable-in").await;

    let database = server.data_dir().join("millrace.db");
    assert_eq!(count(&database, "SELECT count(*) FROM actions").await, 6, "five more, once each");
    let own = "FROM status_events WHERE session_id = (SELECT id FROM sessions WHERE status = 'active')";
    assert_eq!(count(&database, &format!("SELECT count(*) {own}")).await, 7, "stop, cleaning, and five");
    let late = count(&database, &format!("SELECT count(*) {own} AND started_at >= {cable_in}")).await;
    assert_eq!(late, 0, "at the time of the tap, not of the return");
    let apart = count(&database, &format!("SELECT count(DISTINCT started_at) {own}")).await;
    assert_eq!(apart, 7, "each at its own");
    assert_eq!(epoch(&server).await, 1, "no takeover");
}

/// Cold and dark: the kiosk is started while the server is off, and two shifts' work is done before it is back.
#[tokio::test]
async fn a_kiosk_that_starts_without_the_server_lets_people_work_and_all_of_it_is_in_history_once() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let workers = server.ready["workers"].as_array().unwrap().iter().enumerate();
    let plain: Vec<usize> = workers.filter(|(_, worker)| worker["pin"].is_null()).map(|(number, _)| number).collect();
    let (screen, mut app) = (Screen::new(), App::kiosk_by(&server, 0, &switch.url));
    let window = screen.open(&app).await;
    window.shows("[data-testid='signin-code']").await;
    app.is_provided().await;
    app.kill9();
    drop(window);
    app.forget_enrolment_file();
    let (ready, code) = (server.ready.clone(), station(&server, 0));
    let folder = server.kill9();

    let window = screen.open(&app).await;
    window.shows("[data-testid='link-state'][data-state='offline']").await;
    assert!(window.text("link-state").await.contains("Out of contact since"));
    window.shows("[data-testid='signin-alone']").await;
    window.sign_in_as(&ready["workers"][plain[0]]).await;
    assert_eq!(window.text("unverified").await, "Signed in without the server");
    window.tap(&format!("station-{code}")).await;
    window.shows(&shown("stop")).await;
    assert_eq!(window.text("started-offline").await, "Started offline");
    window.tap("status-setup").await;
    window.shows("[data-testid='waiting'][data-count='2']").await;
    window.tap("next-worker").await;
    window.sign_in_as(&ready["workers"][plain[1]]).await;
    window.tap("handover").await;
    window.shows("[data-testid='waiting'][data-count='3']").await;
    window.shows(&shown("setup")).await;
    window.tap("status-cleaning").await;
    window.shows("[data-testid='strip'][data-state='saved']").await;
    window.picture("desktop-12-started-offline").await;
    window.tap("end-session").await;
    window.tap("end-confirm").await;
    window.shows("[data-testid='summary']").await;
    window.shows("[data-testid='waiting'][data-count='5']").await;

    let server = tokio::task::spawn_blocking(move || TestServer::demo_in(folder, &[])).await.unwrap();
    switch.leads_to(&server);
    window.shows("[data-testid='waiting'][data-count='0']").await;
    window.shows("[data-testid='link-state'][data-state='online']").await;
    let database = server.data_dir().join("millrace.db");
    for (what, expected) in [
        ("sessions", 2),
        ("sessions WHERE started_offline = 1 AND status = 'completed'", 2),
        ("sessions WHERE close_reason = 'handover'", 1),
        // Stop, setup; setup, cleaning.
        ("status_events", 4),
        ("actions", 5),
        ("quarantine", 0),
    ] {
        assert_eq!(count(&database, &format!("SELECT count(*) FROM {what}")).await, expected, "{what}");
    }
}

#[tokio::test]
async fn a_disk_that_takes_nothing_is_said_at_once_and_what_it_holds_is_still_there_afterwards() {
    let server = TestServer::demo(&[]);
    let (screen, mut app) = (Screen::new(), App::kiosk(&server, 0));
    let window = screen.open(&app).await;
    window.shows("[data-testid='signin-code']").await;
    app.kill9();
    drop(window);
    app.forget_enrolment_file();
    app.disk_takes(false);
    let window = screen.open(&app).await;
    let said = window.text("disk").await;
    assert!(said.contains("can't save anything"), "{said}");
    window.picture("desktop-13-read-only").await;
    app.disk_takes(true);
    window.shows("[data-testid='signin-code']").await;
    window.shows("[data-testid='link-state'][data-state='online']").await;
}
