//! Workers as they are managed: rows and what is done to them.

use crate::effects::exactly_one;
use crate::encoding::{count, from_json};
use crate::error::{Broken, Context, Unless};
use crate::writer::Tx;
use millrace_domain::change::Row;
use millrace_domain::draft::at_version;
use millrace_domain::people::MeantFor;
use millrace_domain::session::renamed;
use millrace_domain::storage::{Actor, Asked, Listed, Result};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::people::{WorkerDraft, WorkerRecord};
use millrace_protocol::{StationId, WorkerId};
use sqlx::SqliteExecutor;
use uuid::Uuid;

struct RecordRow {
    id: Uuid,
    code: String,
    name: String,
    department: Option<String>,
    language: String,
    has_pin: bool,
    active: bool,
    strict_stations: bool,
    /// JSON: a list of ids.
    station_ids: String,
    version: i64,
}

impl RecordRow {
    fn record(self) -> Result<WorkerRecord> {
        Ok(WorkerRecord {
            id: WorkerId(self.id),
            code: self.code,
            name: self.name,
            department: self.department,
            language: self.language,
            has_pin: self.has_pin,
            active: self.active,
            station_ids: from_json::<Vec<StationId>>(&self.station_ids)?,
            strict_stations: self.strict_stations,
            version: count(self.version)?,
        })
    }
}

/// A page of workers, by code.
pub(crate) async fn list(reader: impl SqliteExecutor<'_>, asked: &Asked) -> Result<Listed<WorkerRecord>> {
    let (key, id, rows) = (&asked.after.key, asked.after.id, asked.rows());
    let rows = sqlx::query_file_as!(RecordRow, "queries/worker_records.sql", key, id, rows)
        .fetch_all(reader)
        .await
        .during("reading workers")?;
    let workers = rows.into_iter().map(RecordRow::record).collect::<Result<_>>()?;
    Ok(Listed::cut(workers, asked, |worker: &WorkerRecord| (worker.code.clone(), worker.id.0)))
}

/// A worker, from a reader or within a command.
pub(crate) async fn worker(reader: impl SqliteExecutor<'_>, id: WorkerId) -> Result<Option<WorkerRecord>> {
    sqlx::query_file_as!(RecordRow, "queries/worker_record.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a worker")?
        .map(RecordRow::record)
        .transpose()
}

/// What is said where there is no such worker.
pub(crate) fn missing() -> Refusal {
    Refusal::NotFound { what: "There is no such worker. Look the id up again.".into() }
}

fn taken(_broken: Broken) -> Refusal {
    Refusal::Conflict { what: "Another worker has this `code`. Choose another.".into() }
}

impl Tx {
    pub(crate) async fn create_worker(
        &mut self,
        by: &Actor,
        draft: &WorkerDraft,
        chance: &dyn Chance,
    ) -> Result<WorkerRecord> {
        let id = WorkerId(chance.uuid(self.now));
        sqlx::query_file!(
            "queries/worker_create.sql",
            id.0,
            draft.code,
            draft.name,
            draft.department,
            draft.language,
            draft.active,
            draft.strict_stations,
        )
        .execute(&mut self.conn)
        .await
        .unless("making a worker", taken)?;
        self.mean_for(id, &draft.station_ids).await?;
        self.record_assignments(id, &MeantFor::default(), draft).await?;
        self.audit(&by.name, "create", &format!("worker {id} {}", draft.code)).await?;
        self.known_worker(id).await
    }

    pub(crate) async fn change_worker(
        &mut self,
        by: &Actor,
        id: WorkerId,
        version: u32,
        draft: &WorkerDraft,
    ) -> Result<WorkerRecord> {
        let before = self.known_worker(id).await?;
        at_version(before.version, version)?;
        let version = i64::from(version);
        let done = sqlx::query_file!(
            "queries/worker_update.sql",
            id.0,
            version,
            draft.code,
            draft.name,
            draft.department,
            draft.language,
            draft.active,
            draft.strict_stations,
        )
        .execute(&mut self.conn)
        .await
        .unless("changing a worker", taken)?;
        exactly_one(done.rows_affected(), "changing a worker")?;
        self.mean_for(id, &draft.station_ids).await?;
        self.record_assignments(id, &MeantFor::from(&before), draft).await?;
        if !draft.active {
            self.end_sign_ins_of(id).await?;
        }
        for session in self.held(id).await? {
            self.apply(renamed(&session, |session| session.worker_name.clone_from(&draft.name))).await?;
        }
        self.audit(&by.name, "change", &format!("worker {id} {}", draft.code)).await?;
        self.known_worker(id).await
    }

    pub(crate) async fn set_pin(
        &mut self,
        by: &Actor,
        id: WorkerId,
        version: u32,
        pin_hash: Option<String>,
    ) -> Result<WorkerRecord> {
        let worker = self.known_worker(id).await?;
        at_version(worker.version, version)?;
        let version = i64::from(version);
        let done = sqlx::query_file!("queries/worker_set_pin.sql", id.0, version, pin_hash)
            .execute(&mut self.conn)
            .await
            .during("setting a PIN")?;
        exactly_one(done.rows_affected(), "setting a PIN")?;
        let verb = if pin_hash.is_some() { "set PIN" } else { "clear PIN" };
        self.audit(&by.name, verb, &format!("worker {id} {}", worker.code)).await?;
        self.known_worker(id).await
    }

    pub(crate) async fn delete_worker(&mut self, by: &Actor, id: WorkerId, version: u32) -> Result<()> {
        let worker = self.known_worker(id).await?;
        at_version(worker.version, version)?;
        self.mean_for(id, &[]).await?;
        sqlx::query_file!("queries/worker_badges_delete.sql", id.0)
            .execute(&mut self.conn)
            .await
            .during("removing a worker's badges")?;
        self.end_sign_ins_of(id).await?;
        let version = i64::from(version);
        let done = sqlx::query_file!("queries/worker_delete.sql", id.0, version).execute(&mut self.conn).await.unless(
            "removing a worker",
            |_| Refusal::InUse {
                what: "History or a user needs this worker. Take him out of service instead: `active` false.".into(),
            },
        )?;
        exactly_one(done.rows_affected(), "removing a worker")?;
        self.audit(&by.name, "delete", &format!("worker {id} {}", worker.code)).await
    }

    pub(crate) async fn known_worker(&mut self, id: WorkerId) -> Result<WorkerRecord> {
        Ok(worker(&mut self.conn, id).await?.ok_or_else(missing)?)
    }

    /// Records which stations a worker is meant for, where that is not what it was.
    async fn record_assignments(&mut self, worker: WorkerId, before: &MeantFor, draft: &WorkerDraft) -> Result<()> {
        let meant_for = MeantFor::from(draft);
        if meant_for == *before { Ok(()) } else { self.record(Row::Assignments { worker, meant_for }).await }
    }

    /// Replaces the stations a worker is meant for.
    async fn mean_for(&mut self, id: WorkerId, stations: &[StationId]) -> Result<()> {
        sqlx::query_file!("queries/worker_stations_clear.sql", id.0)
            .execute(&mut self.conn)
            .await
            .during("clearing a worker's stations")?;
        for station in stations {
            sqlx::query_file!("queries/worker_station_insert.sql", id.0, station.0)
                .execute(&mut self.conn)
                .await
                .unless("adding a worker's station", |_| Refusal::Invalid {
                    what: format!("There is no station {station}. Look `stationIds` up again."),
                })?;
        }
        Ok(())
    }
}
