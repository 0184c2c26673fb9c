//! What was shown as saved is in history exactly once, wherever the kiosk or the server dies, however often and in
//! whatever order its bytes arrive.

use super::station;
use millrace_tests::call::Caller;
use millrace_tests::engine::EngineProcess;
use millrace_tests::server::TestServer;
use millrace_tests::sql::count;
use millrace_tests::switch::{Moment, Switch};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const EVENTS: &str = "/api/status-events";

/// Where the power goes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    /// The kiosk, as soon as it had said "saved"; the switch is off.
    KioskSaved,
    /// The kiosk, with its request on the way.
    KioskRequest,
    /// The kiosk, with the answer on the way.
    KioskAnswer,
    /// The kiosk, when it has just shown "sent".
    KioskSent,
    /// The server, before it has the request.
    ServerRequest,
    /// The server, after it has answered; the kiosk did not hear it.
    ServerAnswer,
    /// The server, at any moment of its work.
    ServerAnyTime,
    /// Both, with the request on the way.
    BothRequest,
    /// Both, with the answer on the way.
    BothAnswer,
}

const POINTS: [Point; 9] = [
    Point::KioskSaved,
    Point::KioskRequest,
    Point::KioskAnswer,
    Point::KioskSent,
    Point::ServerRequest,
    Point::ServerAnswer,
    Point::ServerAnyTime,
    Point::BothRequest,
    Point::BothAnswer,
];

impl Point {
    fn cut(self) -> Option<Moment> {
        match self {
            Self::KioskRequest | Self::ServerRequest | Self::BothRequest => Some(Moment::Request),
            Self::KioskAnswer | Self::ServerAnswer | Self::BothAnswer => Some(Moment::Answer),
            Self::KioskSaved | Self::KioskSent | Self::ServerAnyTime => None,
        }
    }

    fn kills_kiosk(self) -> bool {
        !matches!(self, Self::ServerRequest | Self::ServerAnswer | Self::ServerAnyTime)
    }

    fn kills_server(self) -> bool {
        matches!(
            self,
            Self::ServerRequest | Self::ServerAnswer | Self::ServerAnyTime | Self::BothRequest | Self::BothAnswer
        )
    }
}

pub(super) fn process(folder: TempDir) -> EngineProcess {
    EngineProcess::start(Path::new(env!("CARGO_BIN_EXE_millrace-engine")), folder)
}

/// A kiosk of the server, with nobody at it.
pub(super) async fn enrolled(server: &TestServer, switch: &Switch) -> EngineProcess {
    let mut kiosk = process(tempfile::tempdir().unwrap());
    let own = &server.ready["kiosks"][0];
    let identity =
        json!({"serverUrl": switch.url, "kioskId": own["id"], "kioskName": "Kiosk 0", "token": own["token"]});
    kiosk.order(json!({"do": "adopt", "identity": identity})).await;
    kiosk.shows("its provisions", |view| view["provisions"].is_object()).await;
    kiosk
}

pub(super) fn signs_in(server: &TestServer, number: usize) -> Value {
    let worker = &server.ready["workers"][number];
    json!({"do": "signIn", "code": worker["code"], "pin": worker["pin"]})
}

fn opens(server: &TestServer) -> Value {
    json!({"do": "open", "station": station(server, 0)})
}

/// A kiosk whose worker is at work, and two statuses to change between.
pub(super) async fn at_work(server: &TestServer, switch: &Switch) -> (EngineProcess, [String; 2]) {
    let mut kiosk = enrolled(server, switch).await;
    kiosk.order(signs_in(server, 0)).await;
    kiosk.order(opens(server)).await;
    let caller = Caller::kiosk(server, 0).signed_in(server, 0).await;
    let statuses = caller.get(&format!("/api/statuses?stationId={}", station(server, 0))).await.ok();
    let of = |key: &str| {
        let all = statuses["statuses"].as_array().unwrap();
        all.iter().find(|status| status["key"] == key).unwrap()["id"].as_str().unwrap().to_owned()
    };
    (kiosk, [of("setup"), of("cleaning")])
}

/// How many changes of status are in history, and how many actions were answered.
async fn history(server: &TestServer) -> (i64, i64) {
    let database = server.data_dir().join("millrace.db");
    let events = count(&database, "SELECT count(*) FROM status_events").await;
    // A session begins with one.
    (events - 1, count(&database, "SELECT count(*) FROM actions").await)
}

pub(super) fn all_sent(view: &Value) -> bool {
    view["waiting"] == 0 && view["session"].is_object()
}

#[tokio::test]
async fn what_was_saved_is_in_history_exactly_once_wherever_the_power_goes_off() {
    let mut server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let (mut kiosk, statuses) = at_work(&server, &switch).await;
    for (round, point) in POINTS.into_iter().enumerate() {
        let status = &statuses[round % 2];
        match point {
            Point::KioskSaved => switch.turn_off(),
            _ => {
                if let Some(moment) = point.cut() {
                    switch.cut_at(EVENTS, moment);
                }
            }
        }
        kiosk.tap(status).await;
        if point.cut().is_some() {
            tokio::time::timeout(std::time::Duration::from_secs(45), switch.was_cut()).await.unwrap();
        }
        if point == Point::KioskSent {
            kiosk.shows("sent", all_sent).await;
        }
        let (disk, alive) = if point.kills_kiosk() { (Some(kiosk.kill9()), None) } else { (None, Some(kiosk)) };
        if point.kills_server() {
            server = TestServer::demo_in(server.kill9(), &[]);
        }
        // Also where the server stayed: what was cut is let go of, as a switch that was reset does.
        switch.leads_to(&server);
        kiosk = disk.map(process).or(alive).unwrap();
        kiosk.shows(&format!("{point:?}: sent"), all_sent).await;
        let taps = i64::try_from(round).unwrap() + 1;
        assert_eq!(history(&server).await, (taps, taps), "{point:?}");
        let shown = &kiosk.view["session"]["session"]["currentStatusId"];
        assert_eq!(*shown, json!(status), "{point:?}: it comes back to the same screen");
        assert_eq!(kiosk.view["session"]["epoch"], 1, "{point:?}: no takeover");
    }
}

#[tokio::test]
async fn bytes_that_arrive_twice_or_late_change_nothing() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let (mut kiosk, statuses) = at_work(&server, &switch).await;
    for round in 0..4 {
        kiosk.tap(&statuses[round % 2]).await;
        kiosk.shows("sent", all_sent).await;
    }
    let before = history(&server).await;
    assert_eq!(before, (4, 4));
    let board = Caller::admin(&server).await;
    let board =
        async || board.get("/api/admin/dashboard/active-sessions/stream?snapshot=1").await.ok()["sessions"].clone();
    let shown = board().await;
    let sent = switch.passed(EVENTS);
    assert_eq!(sent.len(), 4);
    for request in sent.iter().rev().chain(&sent) {
        let answer = raw(&server, request).await;
        assert!(answer.starts_with("HTTP/1.1 20") && answer.contains("\"repeat\":true"), "{answer}");
    }
    assert_eq!(history(&server).await, before);
    assert_eq!(board().await, shown);
}

/// The power goes off at the kiosk while an order is on the way to the server; what it comes back with.
async fn dies_at(
    mut kiosk: EngineProcess,
    switch: &Switch,
    server: &TestServer,
    order: &Value,
    (path, moment): (&str, Moment),
) -> EngineProcess {
    switch.cut_at(path, moment);
    kiosk.tell(order);
    let cut = tokio::time::timeout(std::time::Duration::from_secs(45), switch.was_cut()).await;
    assert!(cut.is_ok(), "{path} {moment:?}: nothing was sent; shown is {:#}", kiosk.view);
    let disk = kiosk.kill9();
    switch.leads_to(server);
    process(disk)
}

async fn in_database(server: &TestServer, query: &str) -> i64 {
    count(&server.data_dir().join("millrace.db"), query).await
}

const SESSIONS: &str = "SELECT count(*) FROM sessions";
const OPEN_SESSIONS: &str = "SELECT count(*) FROM sessions WHERE status = 'active'";
const MOMENTS: [Moment; 2] = [Moment::Request, Moment::Answer];

#[tokio::test]
async fn an_opening_a_handover_and_an_end_happen_once_wherever_the_power_goes_off() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let mut kiosk = enrolled(&server, &switch).await;
    for (round, moment) in MOMENTS.into_iter().enumerate() {
        let before = i64::try_from(round).unwrap() * 2;
        kiosk.order(signs_in(&server, 0)).await;
        kiosk = dies_at(kiosk, &switch, &server, &opens(&server), ("/api/sessions", moment)).await;
        kiosk.shows(&format!("{moment:?}: the session"), |view| view["session"].is_object()).await;
        assert_eq!(kiosk.view["session"]["epoch"], 1, "{moment:?}: no takeover");
        assert_eq!(in_database(&server, SESSIONS).await, before + 1, "{moment:?}");

        kiosk.order(signs_in(&server, 1)).await;
        let handing = json!({"do": "handOver"});
        kiosk = dies_at(kiosk, &switch, &server, &handing, ("/api/sessions/handover", moment)).await;
        let next = server.ready["workers"][1]["code"].clone();
        let is_his = |view: &Value| view["session"]["session"]["workerCode"] == next;
        kiosk.shows(&format!("{moment:?}: the next worker's session"), is_his).await;
        let held = (in_database(&server, SESSIONS).await, in_database(&server, OPEN_SESSIONS).await);
        assert_eq!(held, (before + 2, 1), "{moment:?}");

        let ending = json!({"do": "end"});
        kiosk = dies_at(kiosk, &switch, &server, &ending, ("/api/sessions/complete", moment)).await;
        kiosk.shows(&format!("{moment:?}: sent"), |view| view["waiting"] == 0 && view["session"].is_null()).await;
        let held = (in_database(&server, SESSIONS).await, in_database(&server, OPEN_SESSIONS).await);
        assert_eq!(held, (before + 2, 0), "{moment:?}");
    }
}

#[tokio::test]
async fn a_start_without_the_server_is_in_history_once_wherever_the_power_goes_off() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let mut kiosk = enrolled(&server, &switch).await;
    for (round, moment) in MOMENTS.into_iter().enumerate() {
        let sessions = i64::try_from(round).unwrap() + 1;
        switch.turn_off();
        kiosk.shows("offline", |view| view["link"]["state"] == "offline").await;
        kiosk.order(signs_in(&server, 1)).await;
        kiosk.order(opens(&server)).await;
        kiosk = process(kiosk.kill9());
        kiosk.shows("the same session", |view| view["session"]["unsent"] == true).await;
        let own = kiosk.view["session"]["session"]["id"].clone();
        kiosk.order(json!({"do": "call"})).await;
        switch.cut_at("/api/sessions", moment);
        switch.leads_to(&server);
        tokio::time::timeout(std::time::Duration::from_secs(45), switch.was_cut()).await.unwrap();
        let disk = kiosk.kill9();
        switch.leads_to(&server);
        kiosk = process(disk);
        kiosk.shows(&format!("{moment:?}: sent"), all_sent).await;
        let shown = &kiosk.view["session"];
        let said = (&shown["session"]["id"], &shown["unsent"], &shown["session"]["startedOffline"]);
        assert_eq!(said, (&own, &json!(false), &json!(true)), "{moment:?}");
        kiosk.order(json!({"do": "end"})).await;
        kiosk.shows("ended", |view| view["waiting"] == 0).await;
        assert_eq!(in_database(&server, SESSIONS).await, sessions, "{moment:?}: once");
        assert_eq!(in_database(&server, "SELECT count(*) FROM actions").await, sessions * 3, "{moment:?}");
        assert_eq!(kiosk.view["unsaid"], json!([]), "{moment:?}");
    }
}

#[tokio::test]
async fn an_opening_that_was_taken_and_not_heard_goes_on_here_as_the_same_session() {
    for moment in MOMENTS {
        let server = TestServer::demo(&[]);
        let switch = Switch::to(&server).await;
        let mut kiosk = enrolled(&server, &switch).await;
        kiosk.order(signs_in(&server, 1)).await;
        switch.cut_at("/api/sessions", moment);
        kiosk.tell(&opens(&server));
        tokio::time::timeout(std::time::Duration::from_secs(45), switch.was_cut()).await.unwrap();
        switch.turn_off();
        let problem = kiosk.done("the opening").await;
        assert!(problem.is_null(), "{moment:?}: {problem}");
        let own = kiosk.view["session"]["session"]["id"].clone();
        kiosk.order(json!({"do": "call"})).await;
        switch.leads_to(&server);
        kiosk.shows(&format!("{moment:?}: sent"), all_sent).await;
        assert_eq!(kiosk.view["session"]["session"]["id"], own, "{moment:?}");
        assert_eq!(kiosk.view["unsaid"], json!([]), "{moment:?}");
        let held = (in_database(&server, SESSIONS).await, in_database(&server, OPEN_SESSIONS).await);
        assert_eq!(held, (1, 1), "{moment:?}");
    }
}

#[tokio::test]
async fn an_opening_that_was_not_heard_goes_on_here_also_where_the_server_gave_it_up_meanwhile() {
    for moment in MOMENTS {
        let server = TestServer::demo(&[]);
        let admin = Caller::admin(&server).await;
        let switch = Switch::to(&server).await;
        let mut kiosk = enrolled(&server, &switch).await;
        kiosk.order(signs_in(&server, 1)).await;
        switch.cut_at("/api/sessions", moment);
        kiosk.tell(&opens(&server));
        tokio::time::timeout(std::time::Duration::from_secs(45), switch.was_cut()).await.unwrap();
        switch.turn_off();
        let problem = kiosk.done("the opening").await;
        assert!(problem.is_null(), "{moment:?}: {problem}");
        let own = kiosk.view["session"]["session"]["id"].clone();
        kiosk.order(json!({"do": "call"})).await;
        for _ in 0..18 {
            server.advance(20_000);
            drop(admin.post("/api/cron/close-idle-sessions", json!({})).await.ok());
        }
        assert_eq!(in_database(&server, OPEN_SESSIONS).await, 0, "{moment:?}: six minutes without a heartbeat");
        switch.leads_to(&server);
        kiosk.shows(&format!("{moment:?}: sent"), all_sent).await;
        assert_eq!(kiosk.view["session"]["session"]["id"], own, "{moment:?}");
        assert_eq!(kiosk.view["unsaid"], json!([]), "{moment:?}");
        let held = (in_database(&server, SESSIONS).await, in_database(&server, OPEN_SESSIONS).await);
        assert_eq!(held, (1, 1), "{moment:?}");
        assert_eq!(in_database(&server, "SELECT count(*) FROM quarantine").await, 0, "{moment:?}");
    }
}

#[tokio::test]
async fn what_is_parked_lies_with_the_supervisor_once_wherever_the_power_goes_off() {
    let server = TestServer::demo(&[]);
    let switch = Switch::to(&server).await;
    let admin = Caller::admin(&server).await;
    let (mut kiosk, statuses) = at_work(&server, &switch).await;
    kiosk.shows("sent", all_sent).await;
    // Somebody else stands there, so nobody can be told; and the status is taken out of use.
    kiosk.order(signs_in(&server, 1)).await;
    let all = admin.get("/api/admin/status-definitions?limit=200").await.ok();
    let listed = all["items"].as_array().unwrap().iter().find(|status| status["id"] == json!(statuses[1])).unwrap();
    let path = format!("/api/admin/status-definitions/{}", statuses[1]);
    drop(admin.delete(&path, &listed["version"]).await.ok());
    for (round, moment) in MOMENTS.into_iter().enumerate() {
        let order = json!({"do": "status", "status": statuses[1]});
        kiosk = dies_at(kiosk, &switch, &server, &order, ("/api/actions/park", moment)).await;
        kiosk.shows(&format!("{moment:?}: parked"), all_sent).await;
        let lies = i64::try_from(round).unwrap() + 1;
        assert_eq!(in_database(&server, "SELECT count(*) FROM quarantine").await, lies, "{moment:?}");
        let told = kiosk.view["unsaid"].as_array().unwrap();
        assert_eq!((told.len(), &told[0]["state"]), (round + 1, &json!("parked")), "{moment:?}");
    }
}

#[tokio::test]
async fn numbers_that_another_copy_of_the_disk_used_are_given_up_wherever_the_power_goes_off() {
    for moment in MOMENTS {
        let server = TestServer::demo(&[]);
        let switch = Switch::to(&server).await;
        let (mut kiosk, statuses) = at_work(&server, &switch).await;
        kiosk.tap(&statuses[0]).await;
        kiosk.shows("sent", all_sent).await;
        // The disk is copied, and used once more.
        let disk = kiosk.kill9();
        let clone = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(disk.path()).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), clone.path().join(entry.file_name())).unwrap();
        }
        let mut kiosk = process(disk);
        kiosk.tap(&statuses[1]).await;
        kiosk.shows("sent", all_sent).await;
        drop(kiosk);
        // The copy is put back, and taps before it has heard how far the other had come.
        switch.turn_off();
        let mut kiosk = process(clone);
        kiosk.tap(&statuses[0]).await;
        switch.cut_at(EVENTS, moment);
        switch.leads_to(&server);
        tokio::time::timeout(std::time::Duration::from_secs(45), switch.was_cut()).await.unwrap();
        let disk = kiosk.kill9();
        switch.leads_to(&server);
        let mut kiosk = process(disk);
        kiosk.shows(&format!("{moment:?}: sent"), all_sent).await;
        assert_eq!(history(&server).await, (3, 3), "{moment:?}");
    }
}

/// Sends bytes as they are; what comes back.
async fn raw(server: &TestServer, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    // The connection stays open: the answer is there when its last brace is.
    while !answer.ends_with(b"}") {
        let mut part = vec![0; 16 * 1024];
        let length = stream.read(&mut part).await.unwrap();
        assert!(length > 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&part[..length]);
    }
    String::from_utf8(answer).unwrap()
}
