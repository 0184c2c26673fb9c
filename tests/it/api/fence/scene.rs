//! A floor on which sessions were taken over, ended and replaced; who would still like to write; and the rows that say
//! what is so now.

use crate::api::{Stand, station, text, uuid, worker};
use millrace_tests::call::Caller;
use millrace_tests::server::TestServer;
use millrace_tests::sql::Look;
use serde_json::{Value, json};

/// The kiosk that owned the session first.
pub const FIRST: usize = 1;
/// The kiosk that owns it now.
pub const OWNER: usize = 2;
/// A kiosk whose session was ended by its worker.
pub const ENDED: usize = 3;
/// A kiosk whose session was closed for want of contact.
pub const SILENT: usize = 4;
/// A kiosk that never had to do with any of it.
pub const STRANGER: usize = 5;

/// Somebody who is not the owner.
#[derive(Debug, Clone)]
pub struct Foe {
    pub name: &'static str,
    /// Whose token.
    pub kiosk: usize,
    pub session: String,
    pub instance: String,
    pub epoch: u64,
    pub occurred_at: String,
    /// The worker he says he is.
    pub worker: Option<String>,
}

/// What the owner has made: what a foe would aim at.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    pub events: Vec<String>,
    pub entry: String,
    pub report: String,
    pub image: String,
    pub call: String,
    pub approval: String,
    pub message: String,
    /// The number of its last action.
    pub last_seq: u64,
    /// The first owner's last one, a setup that ended an approval, and a moment after it in its time.
    pub setup: (u64, String),
    pub item: String,
    pub step: String,
    pub status: String,
    pub stop_reason: String,
    pub report_reason: String,
}

pub struct Scene {
    pub server: TestServer,
    /// By the number of their kiosk.
    pub callers: Vec<Caller>,
    /// Who is signed in there, or was.
    pub stands_at: Vec<String>,
    seqs: Vec<u64>,
    pub foes: Vec<Foe>,
    pub targets: Targets,
    /// Who owns what is live, and is heard.
    live: Vec<Stand>,
    /// A worker who has nothing to do with any of it.
    pub someone: String,
    pub now: String,
    look: Look,
}

/// What is so now, with and without what history adds up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    pub all: Vec<String>,
    pub but_sums: Vec<String>,
}

/// A session's row may differ in these after an outcome of `late`.
const SUMS: [&str; 6] =
    ["total_good", "total_scrap", "malfunction_count", "count_missing", "reason_missing_from", "version"];

impl Scene {
    pub async fn set() -> Self {
        let server = TestServer::demo(&[]);
        let admin = Caller::admin(&server).await;
        let (silent, silent_inside) = silent(&server).await;
        let (ended, ended_inside) = ended(&server).await;
        let mut first = Stand::open(&server, FIRST).await;
        drop(approved(&server, &admin, &mut first).await);
        drop(first.enter("production").await.ok());
        let inside = passed(&server, &mut first, 20).await;
        drop(passed(&server, &mut first, 20).await);
        drop(first.enter("setup").await.ok());
        let setup = (first.seq, passed(&server, &mut first, 4).await);
        let there = Caller::kiosk(&server, OWNER).signed_in(&server, FIRST).await;
        let instance = uuid();
        let body = json!({"sessionId": first.session, "instanceId": instance});
        let claimed = there.post("/api/sessions/takeover", body).await.ok();
        let mut owner = Stand::of(there, first.station.clone(), instance, &claimed).await;
        let targets = Targets { setup, ..targets(&server, &admin, &mut owner).await };
        // From here on nobody is signed in where the session runs, and somebody else where it had run.
        drop(owner.caller.post("/api/workers/logout", json!({})).await);
        drop(Caller::kiosk(&server, FIRST).signed_in(&server, 6).await);
        drop(Caller::kiosk(&server, STRANGER).signed_in(&server, STRANGER).await);
        let successors = [(ENDED, 7), (SILENT, 8)];
        let mut live = vec![];
        for (kiosk, worker) in successors {
            live.push(Stand::open_as(&server, kiosk, worker).await);
        }
        let now = passed(&server, &mut owner, 2).await;

        let foe = |name, kiosk, of: &Stand, at: &str| Foe {
            name,
            kiosk,
            session: of.session.clone(),
            instance: of.instance.clone(),
            epoch: of.epoch,
            occurred_at: at.to_owned(),
            worker: None,
        };
        let foes = vec![
            foe("the old epoch, in its own time", FIRST, &first, &inside),
            foe("the old epoch, later", FIRST, &first, &now),
            Foe { epoch: 2, ..foe("the old instance under the new epoch", FIRST, &first, &now) },
            Foe { instance: uuid(), ..foe("another instance at the owner's kiosk", OWNER, &owner, &now) },
            Foe { epoch: 3, ..foe("an epoch that is still to come", OWNER, &owner, &now) },
            foe("the owner's claim from another kiosk", STRANGER, &owner, &now),
            foe("the owner's claim from the kiosk that lost it", FIRST, &owner, &now),
            Foe { worker: Some(worker(&server, 9)), ..foe("another worker", OWNER, &owner, &now) },
            foe("an ended session, in its own time", ENDED, &ended, &ended_inside),
            foe("an ended session, later", ENDED, &ended, &now),
            Foe {
                session: owner.session.clone(),
                ..foe("the claim of an ended session on a live one", ENDED, &ended, &now)
            },
            foe("a session closed for want of contact, in its own time", SILENT, &silent, &silent_inside),
            foe("a session closed for want of contact, later", SILENT, &silent, &now),
        ];
        live.push(owner);
        let stands_at = [0, 6, FIRST, 7, 8, STRANGER].map(|number| worker(&server, number));
        let callers: Vec<Caller> = (0..=STRANGER).map(|kiosk| Caller::kiosk(&server, kiosk)).collect();
        let mut seqs = vec![];
        for caller in &callers {
            seqs.push(caller.get("/api/kiosks/me").await.ok()["lastSeq"].as_u64().unwrap());
        }
        let workers = admin.get("/api/admin/workers?limit=500").await.ok();
        let mut workers = workers["items"].as_array().unwrap().iter();
        let someone = text(&workers.find(|known| known["code"] == worker(&server, 9).as_str()).unwrap()["id"]);
        let look = Look::at(&server.data_dir().join("millrace.db")).await;
        Self { callers, stands_at: stands_at.into(), seqs, foes, targets, live, someone, now, look, server }
    }

    /// Those who own something are heard, so that nothing changes for want of contact.
    pub async fn beat(&mut self) {
        for stand in &mut self.live {
            drop(stand.beat().await.ok());
        }
    }

    /// The owner, as a foe would be.
    pub fn owner(&mut self) -> Foe {
        let owner = self.live.last().unwrap();
        let owner = Foe {
            name: "the owner",
            kiosk: OWNER,
            session: owner.session.clone(),
            instance: owner.instance.clone(),
            epoch: owner.epoch,
            occurred_at: owner.now.clone(),
            worker: None,
        };
        self.next_number(OWNER);
        owner
    }

    pub fn next_number(&mut self, kiosk: usize) {
        self.seqs[kiosk] += 1;
    }

    /// The stamp of a foe's action.
    pub fn stamp(&self, foe: &Foe) -> Value {
        json!({
            "seq": self.seqs[foe.kiosk],
            "instanceId": foe.instance,
            "epoch": foe.epoch,
            "occurredAt": foe.occurred_at,
        })
    }

    /// The number of the kiosk's next action.
    pub fn seq(&self, foe: &Foe) -> u64 {
        self.seqs[foe.kiosk]
    }

    /// Where the session runs that everybody is after.
    pub fn station(&self) -> String {
        station(&self.server, FIRST)
    }

    /// All that is so now, and all that the owner has made, a line for each row.
    pub async fn live(&mut self) -> Live {
        let owner = self.live.last().unwrap();
        let of_owner = format!("session_id = x'{}' AND epoch = {}", owner.session.replace('-', ""), owner.epoch);
        let in_ledger = format!("status_event_id IN (SELECT id FROM status_events WHERE {of_owner})");
        let report = format!("id = x'{}'", self.targets.report.replace('-', ""));
        let image = format!("image_id = x'{}'", self.targets.image.replace('-', ""));
        let in_active = "session_id IN (SELECT id FROM sessions WHERE status = 'active')";
        let claims = format!("until_at IS NULL AND {in_active}");
        let tables = [
            ("status_events", "ended_at IS NULL"),
            ("status_events", &of_owner),
            ("leases", "true"),
            ("claims", &claims),
            ("calls", "state IN ('open', 'seen')"),
            ("approvals", "state = 'pending' OR (state = 'approved' AND ended_at IS NULL)"),
            ("quantity_ledger", &in_ledger),
            ("reports", &report),
            ("images", "true"),
            ("report_images", &image),
            ("messages", "true"),
            ("checklist_answers", in_active),
        ];
        let mut rows = vec![];
        for (table, condition) in tables {
            let lines = self.look.rows(table, condition, &[]).await;
            rows.extend(lines.into_iter().map(|line| format!("{table}: {line}")));
        }
        let with = |sessions: Vec<String>| {
            let sessions = sessions.into_iter().map(|line| format!("sessions: {line}"));
            rows.iter().cloned().chain(sessions).collect()
        };
        let all = with(self.look.rows("sessions", "status = 'active'", &[]).await);
        let but_sums = with(self.look.rows("sessions", "status = 'active'", &SUMS).await);
        Live { all, but_sums }
    }
}

/// Lets time pass while the owner is heard; the server's time then.
async fn passed(server: &TestServer, stand: &mut Stand, seconds: u64) -> String {
    server.advance(seconds * 1_000);
    drop(stand.beat().await.ok());
    stand.now.clone()
}

/// Binds an item whose first product is approved: the next setup ends that.
async fn approved(server: &TestServer, admin: &Caller, stand: &mut Stand) -> Value {
    drop(asking(admin, stand, "FENCE-0").await);
    let ask = json!({"sessionId": stand.session, "action": stand.stamp()});
    let asked = text(&stand.caller.post("/api/approvals", ask).await.ok()["approval"]["id"]);
    let approved = admin.post(&format!("/api/admin/approvals/{asked}/approve"), json!({})).await.ok();
    drop(passed(server, stand, 1).await);
    approved
}

/// Binds a new item whose first product has to be approved.
async fn asking(admin: &Caller, stand: &mut Stand, number: &str) -> Value {
    let job = admin.post("/api/admin/jobs", json!({"number": number})).await.ok();
    let steps = json!([{"stationId": stand.station, "firstProductApproval": true}]);
    let draft = json!({"name": "Flange", "plannedQuantity": 50, "steps": steps});
    let item = admin.post(&format!("/api/admin/jobs/{}/items", text(&job["id"])), draft).await.ok();
    let bind = json!({
        "sessionId": stand.session, "jobItemId": item["id"], "stepId": item["steps"][0]["id"], "action": stand.stamp(),
    });
    drop(stand.caller.post("/api/sessions/bind-job-item", bind).await.ok());
    item
}

/// A session that its worker ended, and a moment in it.
pub(super) async fn ended(server: &TestServer) -> (Stand, String) {
    let mut stand = Stand::open(server, ENDED).await;
    drop(stand.enter("production").await.ok());
    let inside = passed(server, &mut stand, 20).await;
    drop(passed(server, &mut stand, 20).await);
    drop(stand.end().await.ok());
    (stand, inside)
}

/// A session that was closed because nothing was heard of it, and a moment in it.
pub(super) async fn silent(server: &TestServer) -> (Stand, String) {
    let mut stand = Stand::open(server, SILENT).await;
    drop(stand.enter("production").await.ok());
    let inside = passed(server, &mut stand, 20).await;
    drop(passed(server, &mut stand, 20).await);
    let admin = Caller::admin(server).await;
    for _ in 0..45 {
        // In steps, each with its look, or the watch would hold that it was the server that had been away.
        server.advance(20_000);
        drop(admin.post("/api/cron/close-idle-sessions", json!({})).await.ok());
        let body = json!({"sessionId": stand.session, "instanceId": uuid()});
        if stand.caller.post("/api/sessions/heartbeat", body).await.status == 410 {
            return (stand, inside);
        }
    }
    panic!("nothing was heard for a quarter of an hour, and the session runs");
}

/// The owner does all that can be aimed at.
async fn targets(server: &TestServer, admin: &Caller, owner: &mut Stand) -> Targets {
    let mut targets = Targets { status: owner.status("cleaning"), image: uuid(), ..Targets::default() };
    for (kind, id) in [("stop", &mut targets.stop_reason), ("malfunction", &mut targets.report_reason)] {
        let path = format!("/api/reasons?stationId={}&type={kind}", owner.station);
        *id = text(&owner.caller.get(&path).await.ok()["reasons"][0]["id"]);
    }
    drop(passed(server, owner, 10).await);
    let count = json!({"sessionId": owner.session, "quantities": {"good": 9}, "action": owner.stamp()});
    targets.entry = text(&owner.caller.post("/api/sessions/quantities", count).await.ok()["entry"]["id"]);
    let report = json!({
        "sessionId": owner.session,
        "report": {"type": "malfunction", "reasonId": targets.report_reason, "imageIds": [targets.image]},
        "action": owner.stamp(),
    });
    targets.report = text(&owner.caller.post("/api/reports", report).await.ok()["reports"][0]["id"]);
    let call = json!({"sessionId": owner.session, "action": owner.stamp()});
    targets.call = text(&owner.caller.post("/api/calls", call).await.ok()["call"]["id"]);
    drop(passed(server, owner, 10).await);
    let mut stop = owner.change("stop");
    stop["quantities"] = json!({"good": 1});
    drop(owner.caller.post("/api/status-events", stop).await.ok());

    drop(passed(server, owner, 10).await);
    let item = asking(admin, owner, "FENCE").await;
    (targets.item, targets.step) = (text(&item["id"]), text(&item["steps"][0]["id"]));
    let ask = json!({"sessionId": owner.session, "action": owner.stamp()});
    targets.approval = text(&owner.caller.post("/api/approvals", ask).await.ok()["approval"]["id"]);

    targets.last_seq = owner.seq;
    let kiosk = text(&owner.caller.get("/api/kiosks/me").await.ok()["kioskId"]);
    let path = format!("/api/admin/kiosks/{kiosk}/messages");
    targets.message = text(&admin.post(&path, json!({"text": "Fire drill at ten"})).await.ok()["id"]);
    let record = admin.get(&format!("/api/admin/sessions/{}", owner.session)).await.ok();
    let events = record["statusEvents"].as_array().unwrap().iter();
    targets.events = events.filter(|event| event["epoch"] == 2).map(|event| text(&event["id"])).collect();
    assert!(targets.events.len() >= 2, "a stretch that ended and the open one: {record}");
    targets
}
