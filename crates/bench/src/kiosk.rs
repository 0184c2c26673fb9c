//! A simulated kiosk: signs in, opens a session, beats, changes its status when told.

use crate::fleet::Member;
use crate::server::{Ready, Worker};
use crate::time::pause;
use anyhow::{Context, bail};
use millrace_protocol::action::{ActionAnswer, ActionStamp, ClockSource, StatusChangeRequest};
use millrace_protocol::session::{Claimed, HeartbeatRequest, OpenRequest};
use millrace_protocol::status::{MachineState, ReasonWanted, ReportType, StatusList};
use millrace_protocol::time::Timestamp;
use millrace_protocol::worker::WorkerLogin;
use millrace_protocol::{InstanceId, SessionId, StationId, StatusDefinitionId};
use reqwest::{Client, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long a kiosk waits before it sends the same again to a server that is away.
const AGAIN: Duration = Duration::from_millis(20);

/// A kiosk's way to the server: its token, and who stands there.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    http: Client,
    url: String,
    token: String,
    worker: Worker,
}

impl Line {
    /// The line of kiosk `n`, with this worker.
    pub(crate) fn of(http: &Client, ready: &Ready, n: usize, worker: Worker) -> anyhow::Result<(Self, StationId)> {
        let device = ready.kiosks.get(n).context("a kiosk")?;
        let station = ready.stations.iter().find(|s| s.code == device.station_code).context("its station")?.id;
        Ok((Self { http: http.clone(), url: ready.url.clone(), token: device.token.clone(), worker }, station))
    }

    /// Signs a worker in; from here on he stands there.
    pub(crate) async fn sign_in(&mut self, worker: &Worker) -> anyhow::Result<()> {
        self.worker = worker.clone();
        self.post("/api/workers/login", &WorkerLogin::typed(worker.code.clone(), worker.pin.clone())).await.map(drop)
    }

    pub(crate) async fn post(&self, path: &str, body: &impl Serialize) -> anyhow::Result<Response> {
        sent(self.authorised(self.http.post(format!("{}{path}", self.url))).json(body)).await
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        Ok(sent(self.authorised(self.http.get(format!("{}{path}", self.url)))).await?.json().await?)
    }

    fn authorised(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(&self.token).header("X-Worker-Code", &self.worker.code)
    }
}

/// One kiosk with its open session.
#[derive(Debug)]
pub(crate) struct Kiosk {
    line: Line,
    instance: InstanceId,
    session: SessionId,
    epoch: u32,
    seq: u64,
    statuses: Vec<StatusDefinitionId>,
}

impl Kiosk {
    /// Signs worker `n` in on kiosk `n` and opens a session at its station.
    pub(crate) async fn open(http: &Client, ready: &Ready, n: usize) -> anyhow::Result<Self> {
        let worker = ready.workers.get(n).context("a worker for it")?.clone();
        let (line, station) = Line::of(http, ready, n, worker)?;
        let mut kiosk = Self {
            line,
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
        self.line.sign_in(&self.line.worker.clone()).await?;
        let open =
            OpenRequest { station_id: station, instance_id: self.instance, checklist: None, id: None, action: None };
        let claimed: Claimed = self.line.post("/api/sessions", &open).await?.json().await?;
        (self.session, self.epoch, self.seq) = (claimed.session.id, claimed.epoch, claimed.last_seq);
        let list: StatusList = self.line.get(&format!("/api/statuses?stationId={station}")).await?;
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

    /// Its claim, for whoever plays it from here on.
    pub(crate) fn member(self) -> Member {
        Member {
            token: self.line.token,
            session: self.session,
            instance: self.instance,
            epoch: self.epoch,
            seq: self.seq,
            statuses: self.statuses,
        }
    }

    /// One heartbeat.
    pub(crate) async fn beat(&self) -> anyhow::Result<()> {
        let beat = HeartbeatRequest {
            session_id: self.session,
            instance_id: self.instance,
            epoch: Some(self.epoch),
            closing: false,
        };
        self.line.post("/api/sessions/heartbeat", &beat).await.map(drop)
    }

    /// One change of status; returns the session and the version of its row that the change made.
    pub(crate) async fn change(&mut self) -> anyhow::Result<(SessionId, u32)> {
        let change = self.next()?;
        made(self.line.post("/api/status-events", &change).await?).await
    }

    /// The same, sent again for as long as the server is away, as an outbox does it.
    pub(crate) async fn change_for_certain(&mut self) -> anyhow::Result<(SessionId, u32)> {
        let change = self.next()?;
        loop {
            let answered = match self.line.post("/api/status-events", &change).await {
                Ok(response) => made(response).await,
                Err(error) => Err(error),
            };
            match answered {
                // Its connection broke, or there was none: the same again is what numbers are for.
                Err(error) if error.is::<reqwest::Error>() => pause(AGAIN).await,
                answered => return answered,
            }
        }
    }

    fn next(&mut self) -> anyhow::Result<StatusChangeRequest> {
        self.seq += 1;
        let next = usize::try_from(self.seq)? % self.statuses.len().max(1);
        Ok(StatusChangeRequest {
            session_id: self.session,
            status_definition_id: *self.statuses.get(next).context("a status to change to")?,
            reason_id: None,
            quantities: None,
            report: None,
            note: None,
            action: stamp(self.seq, self.instance, self.epoch),
        })
    }
}

/// The stamp of an action that is tapped now.
pub(crate) fn stamp(seq: u64, instance_id: InstanceId, epoch: u32) -> ActionStamp {
    #[expect(clippy::disallowed_methods, reason = "a load generator lives in real time")]
    let occurred_at: Timestamp = chrono::Utc::now().into();
    ActionStamp { seq, instance_id, epoch, occurred_at, wall_at: None, clock: ClockSource::Synced, running_since: None }
}

async fn made(response: Response) -> anyhow::Result<(SessionId, u32)> {
    let answer: ActionAnswer = response.json().await?;
    let session = answer.session.context("the change was not applied")?;
    Ok((session.id, session.version))
}

async fn sent(request: RequestBuilder) -> anyhow::Result<Response> {
    let response = request.send().await?;
    if !response.status().is_success() {
        bail!("{} {}", response.status(), response.text().await?);
    }
    Ok(response)
}
