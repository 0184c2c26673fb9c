//! The real server as the model meets it: its floor, its answers, and the comparison of both.

use super::Dice;
use super::floor::{Floor, Sent, Session};
use super::moves::Move;
use millrace_domain::{Chance, Clock, SystemChance, SystemClock};
use millrace_tests::call::{Answer, Caller};
use millrace_tests::server::TestServer;
use serde_json::{Value, json};

/// Stations, each with its kiosk.
pub(super) const STATIONS: usize = 4;
/// Workers: more than stations.
pub(super) const WORKERS: usize = 6;
/// Items: item `n` has its first step at station `n` and its last at the next one.
pub(super) const ITEMS: usize = STATIONS;

/// The items whose first step asks for the approval of its first product.
const ASKING: [usize; 2] = [0, 2];
/// The worker who is kept to the stations 0 and 1.
const KEPT: usize = WORKERS - 1;

/// What the model has to know of a status.
#[derive(Debug)]
pub(super) struct Status {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) produces: bool,
    pub(super) reason_now: bool,
    pub(super) report: Option<String>,
}

/// The real server.
#[derive(Debug)]
pub(super) struct World {
    server: TestServer,
    admin: Caller,
    kiosks: Vec<Caller>,
    stations: Vec<String>,
    items: Vec<(String, [String; 2])>,
    job: String,
    pub(super) statuses: Vec<Status>,
    pub(super) stop_reason: String,
    pub(super) scrap_reason: String,
    pub(super) malfunction_reason: String,
    pub(super) general_reason: String,
}

#[track_caller]
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

impl World {
    /// The number of the status a session begins in.
    pub(super) const STOP: usize = 0;
    /// How many of each item are wanted.
    pub(super) const PLANNED: i64 = 500;

    pub(super) async fn new() -> Self {
        let server = TestServer::demo(&[]);
        let admin = Caller::admin(&server).await;
        let kiosks: Vec<_> = (0..STATIONS).map(|n| Caller::kiosk(&server, n)).collect();
        let stations: Vec<_> = (0..STATIONS).map(|n| text(&server.ready["stations"][n]["id"])).collect();
        let job = admin.post("/api/admin/jobs", json!({"number": "MODEL-1"})).await.ok();
        let job = text(&job["id"]);
        let mut items = vec![];
        for n in 0..ITEMS {
            let steps = json!([
                {"stationId": stations[n], "firstProductApproval": ASKING.contains(&n)},
                {"stationId": stations[(n + 1) % STATIONS]},
            ]);
            let draft = json!({"name": format!("Part {n}"), "plannedQuantity": Self::PLANNED, "steps": steps});
            let item = admin.post(&format!("/api/admin/jobs/{job}/items"), draft).await.ok();
            items.push((text(&item["id"]), [text(&item["steps"][0]["id"]), text(&item["steps"][1]["id"])]));
        }
        let workers = admin.get("/api/admin/workers?limit=500").await.ok();
        let code = &server.ready["workers"][KEPT]["code"];
        let kept = workers["items"].as_array().expect("a list").iter().find(|worker| worker["code"] == *code);
        let kept = kept.expect("a worker of the demo");
        let mut draft = json!({"stationIds": [stations[0], stations[1]], "strictStations": true});
        for member in ["code", "name", "language", "department"] {
            draft[member] = kept[member].clone();
        }
        drop(admin.put(&format!("/api/admin/workers/{}", text(&kept["id"])), &kept["version"], draft).await.ok());
        let reader = kiosks[0].signed_in(&server, 0).await;
        let listed = reader.get(&format!("/api/statuses?stationId={}", stations[0])).await.ok();
        let mut statuses: Vec<Status> = vec![];
        for key in ["stop", "production", "setup", "malfunction", "watched", "waiting", "other", "rework"] {
            let listed = listed["statuses"].as_array().expect("a list");
            let status = listed.iter().find(|status| status["key"] == key).expect("a status of the demo");
            statuses.push(Status {
                id: text(&status["id"]),
                key: key.to_owned(),
                produces: status["machineState"] == "production",
                reason_now: status["reasonWanted"] == "now",
                report: status["reportType"].as_str().filter(|kind| *kind != "none").map(str::to_owned),
            });
        }
        let mut reasons = vec![];
        for kind in ["stop", "scrap", "malfunction", "general"] {
            let draft = json!({"type": kind, "labels": {"en": format!("Model {kind}")}});
            reasons.push(text(&admin.post("/api/admin/reasons", draft).await.ok()["id"]));
        }
        let [stop_reason, scrap_reason, malfunction_reason, general_reason] = reasons.try_into().expect("four");
        Self {
            server,
            admin,
            kiosks,
            stations,
            items,
            job,
            statuses,
            stop_reason,
            scrap_reason,
            malfunction_reason,
            general_reason,
        }
    }

    /// The station of an item's step.
    #[expect(clippy::unused_self, reason = "it is the world's")]
    pub(super) fn station_of(&self, item: usize, step: usize) -> usize {
        (item + step) % STATIONS
    }

    /// Whether a step asks for the approval of its first product.
    #[expect(clippy::unused_self, reason = "it is the world's")]
    pub(super) fn asks(&self, item: usize, step: usize) -> bool {
        step == 0 && ASKING.contains(&item)
    }

    /// Whether a worker may work at a station.
    #[expect(clippy::unused_self, reason = "it is the world's")]
    pub(super) fn may_work(&self, worker: usize, station: usize) -> bool {
        worker != KEPT || station < 2
    }

    /// A worker who signs in at a kiosk.
    async fn worker(&self, kiosk: usize, worker: usize) -> Caller {
        self.kiosks[kiosk].signed_in(&self.server, worker).await
    }

    /// Tries it on the server. What the model has to know besides is put into the answer.
    pub(super) async fn send(&self, chosen: &Move, floor: &mut Floor) -> Answer {
        match chosen {
            Move::Open { station, worker } => {
                let caller = self.worker(*station, *worker).await;
                claim(&caller, "/api/sessions", json!({"stationId": self.stations[*station]})).await
            }
            Move::TakeOver { station, kiosk } => {
                let session = open(floor, *station);
                let caller = self.worker(*kiosk, session.worker).await;
                claim(&caller, "/api/sessions/takeover", json!({"sessionId": session.id})).await
            }
            Move::HandOver { station, worker, pieces, unknown } => {
                let session = open(floor, *station);
                let caller = self.worker(*station, *worker).await;
                let mut body = json!({"sessionId": session.id, "stationId": self.stations[*station]});
                with(&mut body, "quantities", pieces.as_ref());
                if *unknown {
                    body["quantitiesUnknown"] = true.into();
                }
                claim(&caller, "/api/sessions/handover", body).await
            }
            Move::Enter { station, status, pieces, report, reason, stale } => {
                let mut body = json!({"statusDefinitionId": self.statuses[*status].id});
                with(&mut body, "quantities", pieces.as_ref());
                with(&mut body, "report", report.as_ref());
                if *reason {
                    body["reasonId"] = self.stop_reason.as_str().into();
                }
                self.act(floor, *station, "/api/status-events", body, *stale).await
            }
            Move::Count { station, pieces, stale } => {
                self.act(floor, *station, "/api/sessions/quantities", json!({"quantities": pieces}), *stale).await
            }
            Move::Report { station, report, stale } => {
                self.act(floor, *station, "/api/reports", json!({"report": report}), *stale).await
            }
            Move::Explain { station, right, stale } => {
                let session = open(floor, *station);
                let before = session.before.as_ref().filter(|_| *stale);
                let event = before.map_or(session.event.as_ref(), |before| before.event.as_ref());
                let path = format!("/api/status-events/{}/reason", event.expect("chosen because it is known"));
                let reason = if *right { &self.stop_reason } else { &self.scrap_reason };
                self.act(floor, *station, &path, json!({"reasonId": reason}), *stale).await
            }
            Move::Correct { station, good, scrap, noted } => {
                let counted = open(floor, *station).counted.expect("chosen because something was counted");
                let correction = json!({"kind": "count", "entryId": counted.entry, "good": good, "scrap": scrap});
                let mut body = json!({"correction": correction});
                if *noted {
                    body["note"] = "counted again".into();
                }
                self.act(floor, *station, "/api/sessions/corrections", body, false).await
            }
            Move::Undo { station } => {
                let undoes = floor.undoable[*station].as_ref().expect("chosen because there is something").seq;
                self.act(floor, *station, "/api/actions/undo", json!({"undoes": undoes}), false).await
            }
            Move::Shorten { item, close } => {
                let verb = if *close { "close-short" } else { "reopen" };
                let path = format!("/api/admin/job-items/{}/{verb}", self.items[*item].0);
                self.admin.post(&path, json!({"reason": "no steel"})).await
            }
            Move::Ask { station } => self.act(floor, *station, "/api/approvals", json!({}), false).await,
            Move::Decide { station, approve } => self.decide(floor, *station, *approve).await,
            Move::Force { station } => {
                let path = format!("/api/admin/sessions/{}/close", open(floor, *station).id);
                self.admin.post(&path, json!({"reason": "went home"})).await
            }
            Move::Bind { station, item, step, pieces, stale } => {
                let (id, steps) = &self.items[*item];
                let mut body = json!({"jobItemId": id, "stepId": steps[*step]});
                with(&mut body, "quantities", pieces.as_ref());
                self.act(floor, *station, "/api/sessions/bind-job-item", body, *stale).await
            }
            Move::Unbind { station } => {
                self.act(floor, *station, "/api/sessions/unbind-job-item", json!({}), false).await
            }
            Move::Complete { station, pieces } => {
                let mut body = json!({});
                with(&mut body, "quantities", pieces.as_ref());
                self.act(floor, *station, "/api/sessions/complete", body, false).await
            }
            Move::Abandon { station } => self.act(floor, *station, "/api/sessions/abandon", json!({}), false).await,
            Move::Again { station, other } => self.again(floor, *station, *other).await,
        }
    }

    /// A worker action under the session's claim, or under the one before.
    async fn act(&self, floor: &mut Floor, station: usize, path: &str, mut body: Value, stale: bool) -> Answer {
        let session = open(floor, station);
        let late = session.before.as_ref().filter(|_| stale);
        let (kiosk, instance, epoch, at) = late.map_or_else(
            // Tapped in the future: it counts from now.
            || (session.kiosk, session.instance.clone(), session.epoch, json!("2999-01-01T00:00:00.000Z")),
            |before| (before.kiosk, before.instance.clone(), before.epoch, json!(before.last)),
        );
        floor.seq[kiosk] += 1;
        // What is taken back says of which session it is.
        if path != "/api/actions/undo" {
            body["sessionId"] = session.id.into();
        }
        body["action"] = json!({"seq": floor.seq[kiosk], "instanceId": instance, "epoch": epoch, "occurredAt": at});
        let answer = self.kiosks[kiosk].post(path, body.clone()).await;
        let outcome = answer.body["outcome"].as_str();
        let wanted = if late.is_some() { "late" } else { "applied" };
        assert!(outcome.is_none_or(|outcome| outcome == wanted), "{path}: {outcome:?} in place of {wanted}");
        let code = answer.body["code"].as_str().map(str::to_owned);
        floor.last[kiosk] = Some(Sent { path: path.to_owned(), body, status: answer.status, code });
        answer
    }

    /// A supervisor decides about what is pending at a station.
    async fn decide(&self, floor: &Floor, station: usize, approve: bool) -> Answer {
        let pending = self.admin.get("/api/admin/approvals?state=pending").await.ok();
        let pending = pending["items"].as_array().expect("a list");
        let asked = pending.iter().find(|asked| asked["stationId"] == self.stations[station].as_str());
        let asked = asked.unwrap_or_else(|| panic!("{:?}, and nothing is pending there", floor.approvals[station]));
        let (verb, body) = if approve { ("approve", json!({})) } else { ("refuse", json!({"note": "burr"})) };
        self.admin.post(&format!("/api/admin/approvals/{}/{verb}", text(&asked["id"])), body).await
    }

    /// The last action of a kiosk once more: the same answer; with another content: its number is taken.
    async fn again(&self, floor: &Floor, kiosk: usize, other: bool) -> Answer {
        let Some(sent) = &floor.last[kiosk] else { return Answer::nothing() };
        let mut body = sent.body.clone();
        if other {
            body["action"]["occurredAt"] = "2001-01-01T00:00:00.000Z".into();
        }
        let answer = self.kiosks[kiosk].post(&sent.path, body).await;
        if !other {
            assert_eq!((answer.status, answer.body["repeat"].as_bool()), (sent.status, Some(true)), "{}", answer.body);
        }
        answer
    }

    /// A little time.
    pub(super) fn pass(&self, dice: &mut Dice) {
        self.server.advance(1 + u64::try_from(dice.below(900)).expect("small"));
    }

    /// Everybody is heard.
    pub(super) async fn heartbeats(&self, floor: &Floor) {
        for session in floor.sessions.iter().flatten() {
            let body = json!({"sessionId": session.id, "instanceId": session.instance, "epoch": session.epoch});
            drop(self.kiosks[session.kiosk].post("/api/sessions/heartbeat", body).await.ok());
        }
    }

    /// Whether sessions and balances are those of the model.
    pub(super) async fn same_as(&self, floor: &Floor) -> Result<(), String> {
        self.server.advance(1_001);
        let board = self.admin.get("/api/admin/dashboard/active-sessions/stream?snapshot=1").await.ok();
        let board = board["sessions"].as_array().expect("a list");
        let open = floor.sessions.iter().flatten().count();
        if board.len() != open {
            return Err(format!("{} sessions on the board, {open} in the model", board.len()));
        }
        for session in floor.sessions.iter().flatten() {
            let shown = board.iter().find(|shown| shown["id"] == session.id.as_str());
            let shown = shown.ok_or_else(|| format!("{} is not on the board", session.id))?;
            let have =
                json!([shown["currentStatus"]["key"], shown["stepId"], shown["totals"], shown["malfunctionCount"]]);
            let step = session.bound.map(|(item, step)| self.items[item].1[step].as_str());
            let totals = json!({"good": session.totals.0, "scrap": session.totals.1});
            let key = &self.statuses[session.status].key;
            let want = json!([key, step, totals, session.malfunctions]);
            if have != want {
                return Err(format!("the board has {have}, the model {want}"));
            }
            if session.missing().is_some_and(|missing| shown["countMissing"] != missing) {
                return Err(format!(
                    "countMissing is {}, the model has {:?}",
                    shown["countMissing"],
                    session.missing()
                ));
            }
        }
        let job = self.admin.get(&format!("/api/admin/jobs/{}", self.job)).await.ok();
        for (item, balances) in floor.balances.iter().enumerate() {
            for (step, (good, scrap)) in balances.iter().enumerate() {
                let shown = &job["items"][item]["steps"][step];
                if shown["good"] != *good || shown["scrap"] != *scrap {
                    return Err(format!("step {step} of item {item}: {shown}, the model has {good} and {scrap}"));
                }
            }
            let terminal = balances[1].0;
            if job["items"][item]["completedGood"] != terminal {
                return Err(format!("the terminal step alone advances item {item}: {}", job["items"][item]));
            }
        }
        Ok(())
    }

    /// Ledger, balances and totals are the same.
    pub(super) async fn ledger_agrees(&self) {
        millrace_tests::ledger::agrees(&self.server.data_dir().join("millrace.db")).await;
    }
}

fn open(floor: &Floor, station: usize) -> Session {
    floor.sessions[station].clone().expect("chosen because it is open")
}

/// Claims as a new instance; the answer carries which.
async fn claim(caller: &Caller, path: &str, mut body: Value) -> Answer {
    let instance = SystemChance.uuid(SystemClock::new().now()).to_string();
    body["instanceId"] = instance.as_str().into();
    let mut answer = caller.post(path, body).await;
    answer.body["instance"] = instance.into();
    answer
}

fn with(body: &mut Value, name: &str, value: Option<&Value>) {
    if let Some(value) = value {
        body[name] = value.clone();
    }
}
