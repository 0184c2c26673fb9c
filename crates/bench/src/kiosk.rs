//! A simulated kiosk: signs in, opens a session, beats, changes its status when told.

use crate::server::{Ready, Worker};
use anyhow::{Context, bail};
use millrace_protocol::action::{ActionAnswer, ActionStamp, ClockSource, StatusChangeRequest};
use millrace_protocol::session::{Claimed, HeartbeatRequest, OpenRequest};
use millrace_protocol::status::{MachineState, ReasonWanted, ReportType, StatusList};
use millrace_protocol::time::Timestamp;
use millrace_protocol::worker::WorkerLogin;
use millrace_protocol::{InstanceId, SessionId, StationId, StatusDefinitionId};
use reqwest::{Client, RequestBuilder, Response};
use serde::Serialize;

/// One kiosk with its open session.
#[derive(Debug)]
pub(crate) struct Kiosk {
    http: Client,
    url: String,
    token: String,
    worker: Worker,
    instance: InstanceId,
    session: SessionId,
    epoch: u32,
    seq: u64,
    statuses: Vec<StatusDefinitionId>,
}

impl Kiosk {
    /// Signs worker `n` in on kiosk `n` and opens a session at its station.
    pub(crate) async fn open(http: &Client, ready: &Ready, n: usize) -> anyhow::Result<Self> {
        let device = ready.kiosks.get(n).context("a kiosk")?;
        let station = ready.stations.iter().find(|s| s.code == device.station_code).context("its station")?.id;
        let mut kiosk = Self {
            http: http.clone(),
            url: ready.url.clone(),
            token: device.token.clone(),
            worker: ready.workers.get(n).context("a worker for it")?.clone(),
            instance: InstanceId(uuid::Uuid::from_u128(0x1000 + n as u128)),
            session: SessionId(uuid::Uuid::nil()),
            epoch: 0,
            seq: 0,
            statuses: Vec::new(),
        };
        kiosk.begin(station).await.with_context(|| format!("kiosk {n}"))?;
        Ok(kiosk)
    }

    async fn begin(&mut self, station: StationId) -> anyhow::Result<()> {
        let login = WorkerLogin::typed(self.worker.code.clone(), self.worker.pin.clone());
        self.post("/api/workers/login", &login).await?;
        let open =
            OpenRequest { station_id: station, instance_id: self.instance, checklist: None, id: None, action: None };
        let claimed: Claimed = self.post("/api/sessions", &open).await?.json().await?;
        (self.session, self.epoch, self.seq) = (claimed.session.id, claimed.epoch, claimed.last_seq);
        let query = [("stationId", station)];
        let list: StatusList = sent(self.authorised(self.http.get(format!("{}/api/statuses", self.url))).query(&query))
            .await?
            .json()
            .await?;
        self.statuses = list
            .statuses
            .into_iter()
            .filter(|s| s.reason_wanted != ReasonWanted::Now && s.report_type == ReportType::None)
            // Production wants an item first; every other change is as much work.
            .filter(|s| s.machine_state != MachineState::Production)
            .map(|s| s.id)
            .collect();
        Ok(())
    }

    /// One heartbeat.
    pub(crate) async fn beat(&self) -> anyhow::Result<()> {
        let beat = HeartbeatRequest {
            session_id: self.session,
            instance_id: self.instance,
            epoch: Some(self.epoch),
            closing: false,
        };
        self.post("/api/sessions/heartbeat", &beat).await.map(drop)
    }

    /// One change of status; returns the session and the version of its row that the change made.
    pub(crate) async fn change(&mut self) -> anyhow::Result<(SessionId, u32)> {
        self.seq += 1;
        let next = usize::try_from(self.seq)? % self.statuses.len().max(1);
        let change = StatusChangeRequest {
            session_id: self.session,
            status_definition_id: *self.statuses.get(next).context("a status to change to")?,
            reason_id: None,
            quantities: None,
            report: None,
            note: None,
            action: ActionStamp {
                seq: self.seq,
                instance_id: self.instance,
                epoch: self.epoch,
                occurred_at: now(),
                wall_at: None,
                clock: ClockSource::Synced,
            },
        };
        let answer: ActionAnswer = self.post("/api/status-events", &change).await?.json().await?;
        let session = answer.session.context("the change was not applied")?;
        Ok((session.id, session.version))
    }

    async fn post(&self, path: &str, body: &impl Serialize) -> anyhow::Result<Response> {
        sent(self.authorised(self.http.post(format!("{}{path}", self.url))).json(body)).await
    }

    fn authorised(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.token).header("X-Worker-Code", &self.worker.code)
    }
}

async fn sent(request: RequestBuilder) -> anyhow::Result<Response> {
    let response = request.send().await?;
    if !response.status().is_success() {
        bail!("{} {}", response.status(), response.text().await?);
    }
    Ok(response)
}

fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "a load generator lives in real time")]
    chrono::Utc::now().into()
}
