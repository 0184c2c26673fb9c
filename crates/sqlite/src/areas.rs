//! Areas: rows and what is done to them. The pattern for every managed thing.

use crate::effects::exactly_one;
use crate::encoding::count;
use crate::error::{Broken, Context, Unless};
use crate::writer::Tx;
use millrace_domain::change::{Pair, Row};
use millrace_domain::draft::at_version;
use millrace_domain::storage::{Actor, Asked, Listed, Result};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::plant::{Area, AreaDraft};
use millrace_protocol::{AreaId, ShiftCalendarId};
use sqlx::SqliteExecutor;
use uuid::Uuid;

struct AreaRow {
    id: Uuid,
    name: String,
    calendar_id: Option<Uuid>,
    version: i64,
}

impl AreaRow {
    fn area(self) -> Result<Area> {
        Ok(Area {
            id: AreaId(self.id),
            name: self.name,
            calendar_id: self.calendar_id.map(ShiftCalendarId),
            version: count(self.version)?,
        })
    }
}

/// A page of areas, by name.
pub(crate) async fn list(reader: impl SqliteExecutor<'_>, asked: &Asked) -> Result<Listed<Area>> {
    let (key, id, rows) = (&asked.after.key, asked.after.id, asked.rows());
    let rows = sqlx::query_file_as!(AreaRow, "queries/areas.sql", key, id, rows)
        .fetch_all(reader)
        .await
        .during("reading areas")?;
    let areas = rows.into_iter().map(AreaRow::area).collect::<Result<_>>()?;
    Ok(Listed::cut(areas, asked, |area: &Area| (area.name.clone(), area.id.0)))
}

/// An area, from a reader or within a command.
pub(crate) async fn area(reader: impl SqliteExecutor<'_>, id: AreaId) -> Result<Option<Area>> {
    sqlx::query_file_as!(AreaRow, "queries/area.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading an area")?
        .map(AreaRow::area)
        .transpose()
}

fn refusal(broken: Broken) -> Refusal {
    match broken {
        Broken::Unique => Refusal::Conflict { what: "Another area has this `name`. Choose another.".into() },
        Broken::Reference => {
            Refusal::Invalid { what: "There is no shift calendar `calendarId`. Look it up again.".into() }
        }
    }
}

impl Tx {
    pub(crate) async fn create_area(&mut self, by: &Actor, draft: &AreaDraft, chance: &dyn Chance) -> Result<Area> {
        let id = AreaId(chance.uuid(self.now));
        let calendar = draft.calendar_id.map(|id| id.0);
        sqlx::query_file!("queries/area_create.sql", id.0, draft.name, calendar)
            .execute(&mut self.conn)
            .await
            .unless("making an area", refusal)?;
        self.audit(&by.name, "create", &format!("area {id} {}", draft.name)).await?;
        self.known_area(id).await
    }

    pub(crate) async fn change_area(
        &mut self,
        by: &Actor,
        id: AreaId,
        version: u32,
        draft: &AreaDraft,
    ) -> Result<Area> {
        at_version(self.known_area(id).await?.version, version)?;
        let before = self.stations_of(id).await?;
        let (version, calendar) = (i64::from(version), draft.calendar_id.map(|id| id.0));
        let done = sqlx::query_file!("queries/area_update.sql", id.0, version, draft.name, calendar)
            .execute(&mut self.conn)
            .await
            .unless("changing an area", refusal)?;
        exactly_one(done.rows_affected(), "changing an area")?;
        // Boards show a station with its area's name.
        for (old, new) in before.into_iter().zip(self.stations_of(id).await?) {
            if old != new {
                self.record(Row::Stations(Pair::changed(old, new.clone()))).await?;
                self.tell_names_of(&new).await?;
            }
        }
        self.audit(&by.name, "change", &format!("area {id} {}", draft.name)).await?;
        self.known_area(id).await
    }

    pub(crate) async fn delete_area(&mut self, by: &Actor, id: AreaId, version: u32) -> Result<()> {
        let area = self.known_area(id).await?;
        at_version(area.version, version)?;
        let version = i64::from(version);
        let done = sqlx::query_file!("queries/area_delete.sql", id.0, version)
            .execute(&mut self.conn)
            .await
            .unless("removing an area", |_| Refusal::InUse {
                what: "Stations stand in this area. Move them to another first.".into(),
            })?;
        exactly_one(done.rows_affected(), "removing an area")?;
        self.audit(&by.name, "delete", &format!("area {id} {}", area.name)).await
    }

    async fn known_area(&mut self, id: AreaId) -> Result<Area> {
        let known = area(&mut self.conn, id).await?;
        let missing = || Refusal::NotFound { what: "There is no such area. Look the id up again.".into() };
        Ok(known.ok_or_else(missing)?)
    }
}
