//! Shift calendars: rows and what is done to them.

use crate::effects::exactly_one;
use crate::encoding::{count, from_json, json};
use crate::error::{Broken, Context, Unless};
use crate::writer::Tx;
use millrace_domain::calendar::Calendar;
use millrace_domain::draft::at_version;
use millrace_domain::storage::{Actor, Asked, Listed, Result};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::plant::{ShiftCalendar, ShiftCalendarDraft};
use millrace_protocol::{ShiftCalendarId, StationId};
use sqlx::SqliteExecutor;
use uuid::Uuid;

struct CalendarRow {
    id: Uuid,
    name: String,
    time_zone: String,
    shifts: String,
    exceptions: String,
    version: i64,
}

impl CalendarRow {
    fn record(self) -> Result<ShiftCalendar> {
        Ok(ShiftCalendar {
            id: ShiftCalendarId(self.id),
            name: self.name,
            time_zone: self.time_zone,
            week: from_json(&self.shifts)?,
            exceptions: from_json(&self.exceptions)?,
            version: count(self.version)?,
        })
    }
}

/// A page of calendars, by name.
pub(crate) async fn list(reader: impl SqliteExecutor<'_>, asked: &Asked) -> Result<Listed<ShiftCalendar>> {
    let (key, id, rows) = (&asked.after.key, asked.after.id, asked.rows());
    let rows = sqlx::query_file_as!(CalendarRow, "queries/calendars.sql", key, id, rows)
        .fetch_all(reader)
        .await
        .during("reading calendars")?;
    let calendars = rows.into_iter().map(CalendarRow::record).collect::<Result<_>>()?;
    Ok(Listed::cut(calendars, asked, |calendar: &ShiftCalendar| (calendar.name.clone(), calendar.id.0)))
}

/// A calendar, from a reader or within a command.
pub(crate) async fn calendar(reader: impl SqliteExecutor<'_>, id: ShiftCalendarId) -> Result<Option<ShiftCalendar>> {
    sqlx::query_file_as!(CalendarRow, "queries/calendar.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a calendar")?
        .map(CalendarRow::record)
        .transpose()
}

/// The calendar by which a station's area works, ready to be asked; none where it has none.
pub(crate) async fn of_station(reader: impl SqliteExecutor<'_>, station: StationId) -> Result<Option<Calendar>> {
    let row = sqlx::query_file_as!(CalendarRow, "queries/calendar_of_station.sql", station.0)
        .fetch_optional(reader)
        .await
        .during("reading a station's calendar")?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Calendar::new(&row.time_zone, from_json(&row.shifts)?, from_json(&row.exceptions)?)?))
}

fn taken(_broken: Broken) -> Refusal {
    Refusal::Conflict { what: "Another shift calendar has this `name`. Choose another.".into() }
}

impl Tx {
    pub(crate) async fn create_calendar(
        &mut self,
        by: &Actor,
        draft: &ShiftCalendarDraft,
        chance: &dyn Chance,
    ) -> Result<ShiftCalendar> {
        let id = ShiftCalendarId(chance.uuid(self.now));
        let (week, exceptions) = (json(&draft.week)?, json(&draft.exceptions)?);
        sqlx::query_file!("queries/calendar_create.sql", id.0, draft.name, draft.time_zone, week, exceptions)
            .execute(&mut self.conn)
            .await
            .unless("making a calendar", taken)?;
        self.audit(&by.name, "create", &format!("shift calendar {id} {}", draft.name)).await?;
        self.known_calendar(id).await
    }

    pub(crate) async fn change_calendar(
        &mut self,
        by: &Actor,
        id: ShiftCalendarId,
        version: u32,
        draft: &ShiftCalendarDraft,
    ) -> Result<ShiftCalendar> {
        at_version(self.known_calendar(id).await?.version, version)?;
        let (week, exceptions) = (json(&draft.week)?, json(&draft.exceptions)?);
        let (version, zone) = (i64::from(version), &draft.time_zone);
        let done = sqlx::query_file!("queries/calendar_update.sql", id.0, version, draft.name, zone, week, exceptions)
            .execute(&mut self.conn)
            .await
            .unless("changing a calendar", taken)?;
        exactly_one(done.rows_affected(), "changing a calendar")?;
        self.audit(&by.name, "change", &format!("shift calendar {id} {}", draft.name)).await?;
        self.known_calendar(id).await
    }

    pub(crate) async fn delete_calendar(&mut self, by: &Actor, id: ShiftCalendarId, version: u32) -> Result<()> {
        let calendar = self.known_calendar(id).await?;
        at_version(calendar.version, version)?;
        let version = i64::from(version);
        let done = sqlx::query_file!("queries/calendar_delete.sql", id.0, version)
            .execute(&mut self.conn)
            .await
            .unless("removing a calendar", |_| Refusal::InUse {
                what: "Areas work by this calendar. Give them another first.".into(),
            })?;
        exactly_one(done.rows_affected(), "removing a calendar")?;
        self.audit(&by.name, "delete", &format!("shift calendar {id} {}", calendar.name)).await
    }

    async fn known_calendar(&mut self, id: ShiftCalendarId) -> Result<ShiftCalendar> {
        let known = calendar(&mut self.conn, id).await?;
        let missing = || Refusal::NotFound { what: "There is no such shift calendar. Look the id up again.".into() };
        Ok(known.ok_or_else(missing)?)
    }
}
