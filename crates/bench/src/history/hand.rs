//! A worker's hand at one kiosk: everything a worker does, one request after the other, each with its time.

use crate::kiosk::{Line, stamp};
use crate::probe::Probe;
use crate::server::{Ready, Worker};
use crate::time::now;
use anyhow::{Context, bail};
use millrace_protocol::action::{ActionAnswer, Outcome};
use millrace_protocol::session::Claimed;
use millrace_protocol::status::StatusList;
use millrace_protocol::{InstanceId, SessionId, StationId};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// What a worker does, in the order of a round.
pub(super) const DEEDS: [(&str, &str); 14] = [
    ("open", "open a session"),
    ("bind", "bind an item"),
    ("status", "change of status"),
    ("count", "quantities"),
    ("correction", "correction of a count"),
    ("statusCount", "status with quantities"),
    ("statusReport", "status with malfunction report"),
    ("reason", "reason of a stop"),
    ("report", "report"),
    ("call", "call"),
    ("unbind", "unbind the item"),
    ("takeover", "takeover"),
    ("handover", "handover"),
    ("complete", "end of the session"),
];

/// How long each deed took, by its key.
pub(super) type Took = BTreeMap<&'static str, Vec<Duration>>;

/// What there is to choose from at the station.
#[derive(Debug)]
struct Menu {
    statuses: HashMap<String, Value>,
    stop: Value,
    malfunction: Value,
    general: Value,
    scrap: Value,
    item: Value,
    step: Value,
}

#[derive(Debug)]
struct Claim {
    session: SessionId,
    epoch: u32,
    instance: InstanceId,
}

/// A kiosk and the two workers who take turns at it.
#[derive(Debug)]
pub(super) struct Hand {
    line: Line,
    station: StationId,
    workers: [Worker; 2],
    menu: Option<Menu>,
    claim: Option<Claim>,
    seq: u64,
    instances: u128,
    pub(super) took: Took,
    /// Flushes of the same disk, one after each deed.
    pub(super) probe: Probe,
}

impl Hand {
    /// The hand at the first kiosk.
    pub(super) fn at(http: &Client, ready: &Ready, probe: Probe) -> anyhow::Result<Self> {
        let mut plain = ready.workers.iter().filter(|worker| worker.pin.is_none()).cloned();
        let workers = [plain.next().context("a worker")?, plain.next().context("another worker")?];
        let (line, station) = Line::of(http, ready, 0, workers[0].clone())?;
        // Of another start of the program these have to be others.
        let instances = u128::from(crate::time::wall().unsigned_abs()) << 32;
        let (menu, claim, took) = (None, None, Took::new());
        Ok(Self { line, station, workers, menu, claim, seq: 0, instances, took, probe })
    }

    /// Goes on against a server that was started anew.
    pub(super) fn move_to(&mut self, http: &Client, ready: &Ready) -> anyhow::Result<()> {
        (self.line, self.station) = Line::of(http, ready, 0, self.workers[0].clone())?;
        Ok(())
    }

    /// A session from its opening to its end.
    pub(super) async fn round(&mut self) -> anyhow::Result<()> {
        let [first, second] = self.workers.clone();
        self.line.sign_in(&first).await?;
        let station = self.station;
        self.claim("open", "/api/sessions", json!({ "stationId": station })).await?;
        if self.menu.is_none() {
            self.menu = Some(self.read_menu().await?);
        }
        let menu = self.menu.take().context("the menu")?;
        let worked = self.work(&menu).await;
        self.menu = Some(menu);
        worked?;
        let session = self.session()?;
        self.claim("takeover", "/api/sessions/takeover", json!({ "sessionId": session })).await?;
        self.line.sign_in(&second).await?;
        let handed = json!({ "sessionId": session, "stationId": station });
        self.claim("handover", "/api/sessions/handover", handed).await?;
        self.act("complete", "/api/sessions/complete", json!({})).await.map(drop)
    }

    async fn work(&mut self, menu: &Menu) -> anyhow::Result<()> {
        let status = |key: &str| menu.statuses.get(key).cloned().with_context(|| format!("the status {key}"));
        let change = "/api/status-events";
        self.act("bind", "/api/sessions/bind-job-item", json!({ "jobItemId": menu.item, "stepId": menu.step })).await?;
        self.act("status", change, json!({ "statusDefinitionId": status("production")? })).await?;
        let counted = self.act("count", "/api/sessions/quantities", json!({ "quantities": { "good": 12 } })).await?;
        let entry = counted.entry.context("an entry of the ledger")?.id;
        let correction = json!({ "kind": "count", "entryId": entry, "good": 11, "scrap": 0 });
        let corrected = json!({ "correction": correction, "note": "One was counted twice." });
        self.act("correction", "/api/sessions/corrections", corrected).await?;
        let quantities = json!({ "good": 7, "scrap": 1, "scrapReasonId": menu.scrap });
        let with_count = json!({ "statusDefinitionId": status("setup")?, "quantities": quantities });
        self.act("statusCount", change, with_count).await?;
        let report =
            json!({ "type": "malfunction", "reasonId": menu.malfunction, "description": "Leaks at the back." });
        let with_report = json!({ "statusDefinitionId": status("malfunction")?, "report": report });
        self.act("statusReport", change, with_report).await?;
        let stopped = self.act("status", change, json!({ "statusDefinitionId": status("stop")? })).await?;
        let event = stopped.status_event.context("a status event")?.id;
        self.act("reason", &format!("/api/status-events/{event}/reason"), json!({ "reasonId": menu.stop })).await?;
        let remark = json!({ "type": "general", "reasonId": menu.general, "description": "Look at the first parts." });
        self.act("report", "/api/reports", json!({ "report": remark })).await?;
        self.act("call", "/api/calls", json!({ "note": "Please come." })).await?;
        self.act("unbind", "/api/sessions/unbind-job-item", json!({})).await.map(drop)
    }

    fn session(&self) -> anyhow::Result<SessionId> {
        Ok(self.claim.as_ref().context("an open session")?.session)
    }

    /// Opens, takes over or hands over; from then on the session is this hand's.
    async fn claim(&mut self, deed: &'static str, path: &str, mut body: Value) -> anyhow::Result<()> {
        self.instances += 1;
        let instance = InstanceId(uuid::Uuid::from_u128(self.instances));
        body["instanceId"] = json!(instance);
        let claimed: Claimed = serde_json::from_slice(&self.timed(deed, path, &body).await?)?;
        self.seq = self.seq.max(claimed.last_seq);
        self.claim = Some(Claim { session: claimed.session.id, epoch: claimed.epoch, instance });
        Ok(())
    }

    /// A worker action.
    async fn act(&mut self, deed: &'static str, path: &str, mut body: Value) -> anyhow::Result<ActionAnswer> {
        self.seq += 1;
        let claim = self.claim.as_ref().context("an open session")?;
        body["sessionId"] = json!(claim.session);
        body["action"] = json!(stamp(self.seq, claim.instance, claim.epoch));
        let answer: ActionAnswer = serde_json::from_slice(&self.timed(deed, path, &body).await?)?;
        if answer.outcome != Outcome::Applied || answer.repeat {
            bail!("{path} was not applied: {answer:?}");
        }
        Ok(answer)
    }

    /// One request, from sending it to the last byte of its answer; and one flush, so that both see the same disk.
    async fn timed(&mut self, deed: &'static str, path: &str, body: &Value) -> anyhow::Result<Vec<u8>> {
        let began = now();
        let answer = self.line.post(path, body).await.with_context(|| deed)?.bytes().await?;
        self.took.entry(deed).or_default().push(began.elapsed());
        self.probe.flush()?;
        Ok(answer.into())
    }

    async fn read_menu(&self) -> anyhow::Result<Menu> {
        let station = self.station;
        let list: StatusList = self.line.get(&format!("/api/statuses?stationId={station}")).await?;
        let statuses = list.statuses.into_iter().map(|status| (status.key, json!(status.id))).collect();
        let items: Value = self.line.get(&format!("/api/stations/{station}/job-items")).await?;
        let free = |item: &&Value| item["firstProductApproval"] == json!(false);
        let item = items["jobItems"].as_array().into_iter().flatten().find(free).context("an item without approval")?;
        Ok(Menu {
            statuses,
            stop: self.reason("stop").await?,
            malfunction: self.reason("malfunction").await?,
            general: self.reason("general").await?,
            scrap: self.reason("scrap").await?,
            item: item["id"].clone(),
            step: item["stepId"].clone(),
        })
    }

    async fn reason(&self, kind: &str) -> anyhow::Result<Value> {
        let list: Value = self.line.get(&format!("/api/reasons?stationId={}&type={kind}", self.station)).await?;
        let first = list["reasons"].get(0).with_context(|| format!("a reason of type {kind}"))?;
        Ok(first["id"].clone())
    }
}
