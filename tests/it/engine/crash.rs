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

fn process(folder: TempDir) -> EngineProcess {
    EngineProcess::start(Path::new(env!("CARGO_BIN_EXE_millrace-engine")), folder)
}

/// A kiosk whose worker is at work, and two statuses to change between.
async fn at_work(server: &TestServer, switch: &Switch) -> (EngineProcess, [String; 2]) {
    let mut kiosk = process(tempfile::tempdir().unwrap());
    let (own, worker) = (&server.ready["kiosks"][0], &server.ready["workers"][0]);
    let identity =
        json!({"serverUrl": switch.url, "kioskId": own["id"], "kioskName": "Kiosk 0", "token": own["token"]});
    kiosk.order(json!({"do": "adopt", "identity": identity})).await;
    kiosk.order(json!({"do": "signIn", "code": worker["code"], "pin": worker["pin"]})).await;
    kiosk.order(json!({"do": "open", "station": station(server, 0)})).await;
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

fn all_sent(view: &Value) -> bool {
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
