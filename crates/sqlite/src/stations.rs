//! Stations: rows and what is done to them. [`Stations`] on SQLite.

use crate::Sqlite;
use crate::effects::exactly_one;
use crate::encoding::{count, from_word, moment, number};
use crate::error::{Broken, Context, Unless};
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::change::{Pair, Row};
use millrace_domain::draft::at_version;
use millrace_domain::session::renamed;
use millrace_domain::storage::{Actor, Asked, Listed, Result, Stations};
use millrace_domain::{Chance, Refusal, station};
use millrace_protocol::job::JobItem;
use millrace_protocol::station::{Occupancy, Station, StationDraft};
use millrace_protocol::{AreaId, ChecklistId, JobItemId, StationId};
use sqlx::SqliteExecutor;
use uuid::Uuid;

/// A row of `stations` with its area's name and who is there.
pub(crate) struct StationRow {
    pub(crate) id: Uuid,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) area_id: Option<Uuid>,
    pub(crate) area: Option<String>,
    pub(crate) active: bool,
    pub(crate) attended: bool,
    pub(crate) minor_stop_ms: Option<i64>,
    pub(crate) untouched_ms: Option<i64>,
    pub(crate) start_checklist_id: Option<Uuid>,
    pub(crate) end_checklist_id: Option<Uuid>,
    pub(crate) version: i64,
    pub(crate) worker_name: Option<String>,
    pub(crate) since: Option<i64>,
    pub(crate) contact: Option<String>,
}

impl StationRow {
    pub(crate) fn station(self) -> Result<Station> {
        let occupancy = match (self.worker_name, self.since, self.contact) {
            (Some(worker_name), Some(since), Some(contact)) => {
                Some(Occupancy { worker_name, since: moment(since), contact: from_word(contact)? })
            }
            _ => None,
        };
        Ok(Station {
            id: StationId(self.id),
            code: self.code,
            name: self.name,
            kind: self.kind,
            area_id: self.area_id.map(AreaId),
            area: self.area,
            active: self.active,
            attended: self.attended,
            minor_stop_ms: self.minor_stop_ms.map(count).transpose()?,
            untouched_ms: self.untouched_ms.map(count).transpose()?,
            start_checklist_id: self.start_checklist_id.map(ChecklistId),
            end_checklist_id: self.end_checklist_id.map(ChecklistId),
            version: count(self.version)?,
            occupancy,
        })
    }
}

#[async_trait]
impl Stations for Sqlite {
    async fn all_stations(&self, asked: Asked, active: Option<bool>) -> Result<Listed<Station>> {
        let (key, id, rows) = (&asked.after.key, asked.after.id, asked.rows());
        let rows = sqlx::query_file_as!(StationRow, "queries/stations_all.sql", key, id, rows, active)
            .fetch_all(&self.readers)
            .await
            .during("reading stations")?;
        let stations = rows.into_iter().map(StationRow::station).collect::<Result<_>>()?;
        Ok(Listed::cut(stations, &asked, |station: &Station| (station.code.clone(), station.id.0)))
    }

    async fn station_types(&self) -> Result<Vec<String>> {
        sqlx::query_file_scalar!("queries/station_types.sql")
            .fetch_all(&self.readers)
            .await
            .during("reading the types of stations")
    }

    async fn station(&self, id: StationId) -> Result<Option<Station>> {
        read(&self.readers, id).await
    }

    async fn create_station(&self, by: Actor, draft: StationDraft) -> Result<Station> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.create_station(&by, &draft, &*chance).await })).await
    }

    async fn change_station(&self, by: Actor, id: StationId, version: u32, draft: StationDraft) -> Result<Station> {
        self.write(move |tx| Box::pin(async move { tx.change_station(&by, id, version, &draft).await })).await
    }

    async fn delete_station(&self, by: Actor, id: StationId, version: u32) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.delete_station(&by, id, version).await })).await
    }
}

/// A station, from a reader or within a command.
async fn read(reader: impl SqliteExecutor<'_>, id: StationId) -> Result<Option<Station>> {
    sqlx::query_file_as!(StationRow, "queries/station_managed.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a station")?
        .map(StationRow::station)
        .transpose()
}

/// Its checklists were looked at before: what a station refers to besides is its area.
fn refusal(broken: Broken) -> Refusal {
    match broken {
        Broken::Unique => Refusal::Conflict { what: "Another station has this `code`. Choose another.".into() },
        Broken::Reference => Refusal::Invalid { what: "There is no area `areaId`. Look it up again.".into() },
    }
}

impl Tx {
    async fn create_station(&mut self, by: &Actor, draft: &StationDraft, chance: &dyn Chance) -> Result<Station> {
        self.may_ask(draft.start_checklist_id, "startChecklistId").await?;
        self.may_ask(draft.end_checklist_id, "endChecklistId").await?;
        let id = StationId(chance.uuid(self.now));
        let (area, limit) = (draft.area_id.map(|id| id.0), draft.minor_stop_ms.map(number).transpose()?);
        let untouched = draft.untouched_ms.map(number).transpose()?;
        let (start, end) = (draft.start_checklist_id.map(|id| id.0), draft.end_checklist_id.map(|id| id.0));
        sqlx::query_file!(
            "queries/station_create.sql",
            id.0,
            draft.code,
            draft.name,
            draft.kind,
            area,
            draft.active,
            draft.attended,
            limit,
            start,
            end,
            untouched,
        )
        .execute(&mut self.conn)
        .await
        .unless("making a station", refusal)?;
        let station = self.managed_station(id).await?;
        self.record(Row::Stations(Pair::made(station.clone()))).await?;
        self.audit(&by.name, "create", &format!("station {id} {}", draft.code)).await?;
        Ok(station)
    }

    async fn change_station(
        &mut self,
        by: &Actor,
        id: StationId,
        version: u32,
        draft: &StationDraft,
    ) -> Result<Station> {
        let old = self.managed_station(id).await?;
        at_version(old.version, version)?;
        station::change(&old, draft)?;
        self.may_ask(draft.start_checklist_id, "startChecklistId").await?;
        self.may_ask(draft.end_checklist_id, "endChecklistId").await?;
        let renamed = (&old.code, &old.name) != (&draft.code, &draft.name);
        let items = if renamed { self.items_at(id).await? } else { Vec::new() };
        let (from, area) = (i64::from(version), draft.area_id.map(|id| id.0));
        let limit = draft.minor_stop_ms.map(number).transpose()?;
        let untouched = draft.untouched_ms.map(number).transpose()?;
        let (start, end) = (draft.start_checklist_id.map(|id| id.0), draft.end_checklist_id.map(|id| id.0));
        let done = sqlx::query_file!(
            "queries/station_update.sql",
            id.0,
            from,
            draft.code,
            draft.name,
            draft.kind,
            area,
            draft.active,
            draft.attended,
            limit,
            start,
            end,
            untouched,
        )
        .execute(&mut self.conn)
        .await
        .unless("changing a station", refusal)?;
        exactly_one(done.rows_affected(), "changing a station")?;
        let new = self.managed_station(id).await?;
        self.record(Row::Stations(Pair::changed(old, new.clone()))).await?;
        self.tell_names_of(&new).await?;
        for item in items {
            self.record_item(item).await?;
        }
        self.audit(&by.name, "change", &format!("station {id} {}", draft.code)).await?;
        Ok(new)
    }

    async fn delete_station(&mut self, by: &Actor, id: StationId, version: u32) -> Result<()> {
        let old = self.managed_station(id).await?;
        at_version(old.version, version)?;
        let (from, written) = (i64::from(version), id.to_string());
        let needed = sqlx::query_file_scalar!("queries/station_needed.sql", id.0, written)
            .fetch_one(&mut self.conn)
            .await
            .during("asking what needs a station")?;
        if let Some(by) = needed {
            return Err(in_use(&by).into());
        }
        let done = sqlx::query_file!("queries/station_delete.sql", id.0, from)
            .execute(&mut self.conn)
            .await
            .unless("removing a station", |_| in_use("history"))?;
        exactly_one(done.rows_affected(), "removing a station")?;
        self.audit(&by.name, "delete", &format!("station {id} {}", old.code)).await?;
        self.record(Row::Stations(Pair::gone(old))).await
    }

    /// The session that runs at a station is told with the names it has now.
    pub(crate) async fn tell_names_of(&mut self, station: &Station) -> Result<()> {
        let Some(session) = self.occupant(station.id).await? else { return Ok(()) };
        let renamed = renamed(&session, |session| {
            session.station_code.clone_from(&station.code);
            session.station_name.clone_from(&station.name);
            session.area_name.clone_from(&station.area);
        });
        self.apply(renamed).await
    }

    /// The items with a step at a station: each step says what its station is called.
    async fn items_at(&mut self, station: StationId) -> Result<Vec<JobItem>> {
        let ids = sqlx::query_file_scalar!("queries/job_items_at_station.sql", station.0)
            .fetch_all(&mut self.conn)
            .await
            .during("reading the items that come to a station")?;
        let mut items = Vec::with_capacity(ids.len());
        for id in ids {
            items.extend(self.item(JobItemId(id)).await?.map(|(item, _)| item));
        }
        Ok(items)
    }

    async fn managed_station(&mut self, id: StationId) -> Result<Station> {
        let missing = || Refusal::NotFound { what: "There is no such station. Look the id up again.".into() };
        Ok(read(&mut self.conn, id).await?.ok_or_else(missing)?)
    }

    /// The stations that stand in an area.
    pub(crate) async fn stations_of(&mut self, area: AreaId) -> Result<Vec<Station>> {
        sqlx::query_file_as!(StationRow, "queries/stations_of_area.sql", area.0)
            .fetch_all(&mut self.conn)
            .await
            .during("reading the stations of an area")?
            .into_iter()
            .map(StationRow::station)
            .collect()
    }

    /// A station asks lists that are in use.
    async fn may_ask(&mut self, list: Option<ChecklistId>, member: &str) -> Result<()> {
        let Some(list) = list else { return Ok(()) };
        let known = crate::checklists::read(&mut self.conn, list).await?;
        if known.is_some_and(|list| list.active) {
            return Ok(());
        }
        let what = format!("There is no checklist `{member}` in use. Look it up again.");
        Err(Refusal::Invalid { what }.into())
    }
}

/// What stands against removing a station, and what to do instead.
fn in_use(by: &str) -> Refusal {
    let by = match by {
        "sessions" => "Sessions were held at this station",
        "steps" => "Steps of job items are at this station",
        "presets" => "Presets of steps name this station",
        "workers" => "Workers are meant for this station",
        "kiosks" => "Kiosks stand at this station",
        "enrolmentCodes" => "Enrolment codes name this station",
        "statuses" => "This station has statuses of its own",
        "reasons" => "This station has reasons of its own",
        _ => "History knows this station",
    };
    Refusal::InUse { what: format!("{by}. Take it out of use instead: set `active` to false.") }
}
