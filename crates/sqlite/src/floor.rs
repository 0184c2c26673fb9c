//! [`Floor`] on SQLite: reads go to the readers, commands to the writer.

use crate::Sqlite;
use crate::encoding::{from_json, moment, word};
use crate::error::Context;
use crate::heartbeats::Beat;
use crate::rows::{SessionRow, StatusDefinitionRow};
use crate::stations::StationRow;
use crate::workers;
use async_trait::async_trait;
use millrace_domain::Policy;
use millrace_domain::action::{Action, OfflineStart, Parked, Reply};
use millrace_domain::deed::Deed;
use millrace_domain::people::MeantFor;
use millrace_domain::storage::{Caller, Floor, HeartbeatOutcome, Owned, Result, TokenHash};
use millrace_protocol::provisions::ProvidedWorker;
use millrace_protocol::session::{
    HandoverRequest, HeartbeatRequest, OpenRequest, Session, SweepAnswer, TakeoverRequest,
};
use millrace_protocol::station::StationChoice;
use millrace_protocol::status::{Reason, ReasonType, StatusDefinition};
use millrace_protocol::worker::{Resumable, Worker};
use millrace_protocol::{InstanceId, KioskId, ReasonId, SessionId, StationId, WorkerId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Sends a command with the database's own chance and policy to the writer.
macro_rules! command {
    ($self:ident, |$tx:ident, $chance:ident, $policy:ident| $run:expr) => {{
        let ($chance, $policy) = ($self.chance.clone(), $self.policy.clone());
        $self.write(move |$tx| Box::pin(async move { $run.await })).await
    }};
}

#[async_trait]
impl Floor for Sqlite {
    async fn stations(&self, worker: WorkerId) -> Result<Vec<StationChoice>> {
        let meant_for = workers::worker(&self.readers, worker).await?.as_ref().map(MeantFor::from).unwrap_or_default();
        let rows = sqlx::query_file_as!(StationRow, "queries/stations.sql")
            .fetch_all(&self.readers)
            .await
            .during("reading stations")?;
        let allowed = rows.into_iter().filter(|row| meant_for.allows(StationId(row.id)));
        let choices = allowed.map(|row| {
            let outside_assignment = meant_for.is_outside(StationId(row.id));
            Ok(StationChoice { station: row.station()?, outside_assignment })
        });
        choices.collect()
    }

    async fn statuses(&self, station: StationId) -> Result<Vec<StatusDefinition>> {
        sqlx::query_file_as!(StatusDefinitionRow, "queries/status_definitions.sql", station.0)
            .fetch_all(&self.readers)
            .await
            .during("reading statuses")?
            .into_iter()
            .map(StatusDefinitionRow::definition)
            .collect()
    }

    async fn reasons(&self, station: StationId, kind: ReasonType) -> Result<Vec<Reason>> {
        let kind = word(kind)?;
        let rows = sqlx::query_file!("queries/reasons.sql", station.0, kind)
            .fetch_all(&self.readers)
            .await
            .during("reading reasons")?;
        rows.into_iter().map(|row| Ok(Reason { id: ReasonId(row.id), labels: from_json(&row.labels)? })).collect()
    }

    async fn workers_for(&self, station: StationId) -> Result<Vec<ProvidedWorker>> {
        let now = self.clock.now().millis();
        let mut badges: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
        let valid = sqlx::query_file!("queries/badges_valid.sql", now).fetch_all(&self.readers).await;
        for badge in valid.during("reading badges")? {
            badges.entry(badge.worker_id).or_default().push(hex::encode(badge.code_hash));
        }
        let rows = sqlx::query_file!("queries/workers_for_station.sql", station.0)
            .fetch_all(&self.readers)
            .await
            .during("reading who may use a station")?;
        let allowed = rows.into_iter().filter(|row| !row.is_strict || !row.is_meant || row.is_meant_here);
        let workers = allowed.map(|row| ProvidedWorker {
            has_pin: row.has_pin,
            badges: badges.remove(&row.id).unwrap_or_default(),
            outside_assignment: row.is_meant && !row.is_meant_here,
            worker: Worker { id: WorkerId(row.id), code: row.code, name: row.name, language: row.language },
        });
        Ok(workers.collect())
    }

    fn lets_kiosks_start(&self) -> bool {
        self.policy.offline_start
    }

    async fn resumable(&self, caller: Caller) -> Result<Option<Resumable>> {
        let session = sqlx::query_file_as!(SessionRow, "queries/sessions_of_worker.sql", caller.worker.0)
            .fetch_optional(&self.readers)
            .await
            .during("reading a worker's session")?;
        let Some(session) = session.map(SessionRow::session).transpose()? else { return Ok(None) };
        let lease = sqlx::query_file!("queries/lease.sql", session.id.0)
            .fetch_optional(&self.readers)
            .await
            .during("reading a lease")?;
        let listening = sqlx::query_file!("queries/installation.sql")
            .fetch_one(&self.readers)
            .await
            .during("reading since when the server listens")?;
        Ok(lease.map(|lease| Resumable {
            // A server that was away counts from when it listened again.
            grace_expires_at: moment(lease.last_seen_at.max(listening.listening_since))
                .plus_millis(Policy::signed(self.policy.idle_ms)),
            here: lease.kiosk_id == caller.kiosk.0,
            session,
        }))
    }

    async fn open(&self, caller: Caller, request: OpenRequest) -> Result<Owned> {
        command!(self, |tx, chance, policy| tx.open(caller, request, &*chance, &policy))
    }

    async fn take_over(&self, caller: Caller, request: TakeoverRequest) -> Result<Owned> {
        command!(self, |tx, chance, policy| tx.take_over(caller, request, &*chance, &policy))
    }

    async fn hand_over(&self, caller: Caller, request: HandoverRequest) -> Result<Owned> {
        command!(self, |tx, chance, policy| tx.hand_over(caller, request, &*chance, &policy))
    }

    async fn heartbeat(
        &self,
        token: TokenHash,
        worker_code: Option<String>,
        request: HeartbeatRequest,
    ) -> Result<HeartbeatOutcome> {
        self.heartbeats.put(Beat { token, worker_code, request }).await
    }

    async fn act(&self, action: Action<Deed>) -> Result<Reply> {
        command!(self, |tx, chance, policy| tx.act(action, &*chance, &policy))
    }

    async fn start_offline(&self, action: Action<OfflineStart>) -> Result<Reply> {
        command!(self, |tx, chance, policy| tx.start_offline(action, &*chance, &policy))
    }

    async fn claimed_session(&self, kiosk: KioskId, instance: InstanceId) -> Result<Option<SessionId>> {
        let found = sqlx::query_file_scalar!("queries/session_of_claim.sql", instance.0, kiosk.0)
            .fetch_optional(&self.readers)
            .await
            .during("reading a claim")?;
        Ok(found.map(SessionId))
    }

    async fn provisional(&self, worker: WorkerId) -> Result<Option<Session>> {
        command!(self, |tx, _chance, policy| tx.provisional(worker, &policy))
    }

    async fn park(&self, parked: Parked) -> Result<Reply> {
        command!(self, |tx, chance, _policy| tx.park(parked, &*chance))
    }

    async fn sweep(&self, wall_ran_ahead: i64) -> Result<SweepAnswer> {
        command!(self, |tx, _chance, policy| tx.sweep(wall_ran_ahead, &policy))
    }
}
