//! Checklists: which one a station asks, what was answered, and how they are managed. [`Checklists`] on SQLite.

use crate::Sqlite;
use crate::effects::exactly_one;
use crate::encoding::{count, from_json, json, word};
use crate::error::{Context, Unless};
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::checklist::Kept;
use millrace_domain::draft::at_version;
use millrace_domain::storage::{Actor, Asked, Checklists, Listed, Result};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::checklist::{Checklist, ChecklistDraft, ChecklistItem, ChecklistMoment, StationChecklists};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{ChecklistId, SessionId, StationId};
use sqlx::{SqliteConnection, SqliteExecutor};
use uuid::Uuid;

/// A row of `checklists`.
pub(crate) struct ChecklistRow {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) items: String,
    pub(crate) active: bool,
    pub(crate) version: i64,
}

impl ChecklistRow {
    pub(crate) fn checklist(self) -> Result<Checklist> {
        Ok(Checklist {
            id: ChecklistId(self.id),
            name: self.name,
            items: from_json(&self.items)?,
            active: self.active,
            version: count(self.version)?,
        })
    }
}

#[async_trait]
impl Checklists for Sqlite {
    async fn station_checklists(&self, station: StationId) -> Result<Option<StationChecklists>> {
        // One transaction, so that both lists are of one moment.
        let mut tx = self.readers.begin().await.during("reading a station's checklists")?;
        let known = sqlx::query_file!("queries/station.sql", station.0)
            .fetch_optional(&mut *tx)
            .await
            .during("reading a station")?;
        if known.is_none() {
            return Ok(None);
        }
        let start = asked(&mut tx, station, ChecklistMoment::Start).await?;
        let end = asked(&mut tx, station, ChecklistMoment::End).await?;
        Ok(Some(StationChecklists { start, end }))
    }

    async fn checklists(&self, asked: Asked) -> Result<Listed<Checklist>> {
        let (key, id, rows) = (&asked.after.key, asked.after.id, asked.rows());
        let rows = sqlx::query_file_as!(ChecklistRow, "queries/checklists.sql", key, id, rows)
            .fetch_all(&self.readers)
            .await
            .during("reading checklists")?;
        let lists = rows.into_iter().map(ChecklistRow::checklist).collect::<Result<_>>()?;
        Ok(Listed::cut(lists, &asked, |list: &Checklist| (list.name.clone(), list.id.0)))
    }

    async fn checklist(&self, id: ChecklistId) -> Result<Option<Checklist>> {
        read(&self.readers, id).await
    }

    async fn create_checklist(&self, by: Actor, draft: ChecklistDraft) -> Result<Checklist> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.create_checklist(&by, &draft, &*chance).await })).await
    }

    async fn change_checklist(
        &self,
        by: Actor,
        id: ChecklistId,
        version: u32,
        draft: ChecklistDraft,
    ) -> Result<Checklist> {
        self.write(move |tx| Box::pin(async move { tx.change_checklist(&by, id, version, &draft).await })).await
    }

    async fn delete_checklist(&self, by: Actor, id: ChecklistId, version: u32) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.delete_checklist(&by, id, version).await })).await
    }
}

/// A checklist, from a reader or within a command.
pub(crate) async fn read(reader: impl SqliteExecutor<'_>, id: ChecklistId) -> Result<Option<Checklist>> {
    sqlx::query_file_as!(ChecklistRow, "queries/checklist.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a checklist")?
        .map(ChecklistRow::checklist)
        .transpose()
}

/// The list a station asks at this moment; none where it asks nothing.
async fn asked(conn: &mut SqliteConnection, station: StationId, moment: ChecklistMoment) -> Result<Option<Checklist>> {
    let moment = word(moment)?;
    sqlx::query_file_as!(ChecklistRow, "queries/checklist_of_station.sql", station.0, moment)
        .fetch_optional(conn)
        .await
        .during("reading a station's checklist")?
        .map(ChecklistRow::checklist)
        .transpose()
}

impl Tx {
    /// The list a station asks at this moment; none where it asks nothing.
    pub(crate) async fn checklist_of(
        &mut self,
        station: StationId,
        moment: ChecklistMoment,
    ) -> Result<Option<Checklist>> {
        asked(&mut self.conn, station, moment).await
    }

    /// The items of one version of a list; none for one that never was, or was before versions were kept.
    pub(crate) async fn checklist_version(
        &mut self,
        list: ChecklistId,
        version: u32,
    ) -> Result<Option<Vec<ChecklistItem>>> {
        let version = i64::from(version);
        let items = sqlx::query_file_scalar!("queries/checklist_version.sql", list.0, version)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a version of a checklist")?;
        items.map(|items| from_json(&items)).transpose()
    }

    /// Keeps what the owner under this epoch answered at that moment with his session.
    pub(crate) async fn keep_checklist(
        &mut self,
        (session, epoch): (SessionId, u32),
        moment: ChecklistMoment,
        kept: &Kept,
        at: Timestamp,
    ) -> Result<()> {
        let (epoch, moment, version, at) = (i64::from(epoch), word(moment)?, i64::from(kept.version), at.millis());
        let (id, list, items, answers) = (session.0, kept.checklist_id.0, json(&kept.items)?, json(&kept.answers)?);
        sqlx::query_file!("queries/checklist_answers_insert.sql", id, moment, epoch, list, version, items, answers, at)
            .execute(&mut self.conn)
            .await
            .during("keeping a checklist's answers")
            .map(drop)
    }
}

impl Tx {
    async fn create_checklist(&mut self, by: &Actor, draft: &ChecklistDraft, chance: &dyn Chance) -> Result<Checklist> {
        let (id, items) = (ChecklistId(chance.uuid(self.now)), json(&draft.items)?);
        sqlx::query_file!("queries/checklist_create.sql", id.0, draft.name, items, draft.active)
            .execute(&mut self.conn)
            .await
            .unless("making a checklist", |_| name_taken())?;
        self.audit(&by.name, "create", &format!("checklist {id} {}", draft.name)).await?;
        self.managed_checklist(id).await
    }

    async fn change_checklist(
        &mut self,
        by: &Actor,
        id: ChecklistId,
        version: u32,
        draft: &ChecklistDraft,
    ) -> Result<Checklist> {
        let old = self.managed_checklist(id).await?;
        at_version(old.version, version)?;
        if old.active && !draft.active {
            self.not_asked(id).await?;
        }
        let (from, items) = (i64::from(version), json(&draft.items)?);
        let done = sqlx::query_file!("queries/checklist_update.sql", id.0, from, draft.name, items, draft.active)
            .execute(&mut self.conn)
            .await
            .unless("changing a checklist", |_| name_taken())?;
        exactly_one(done.rows_affected(), "changing a checklist")?;
        self.audit(&by.name, "change", &format!("checklist {id} {}", draft.name)).await?;
        self.managed_checklist(id).await
    }

    async fn delete_checklist(&mut self, by: &Actor, id: ChecklistId, version: u32) -> Result<()> {
        let old = self.managed_checklist(id).await?;
        at_version(old.version, version)?;
        self.not_asked(id).await?;
        let from = i64::from(version);
        let done = sqlx::query_file!("queries/checklist_delete.sql", id.0, from).execute(&mut self.conn).await.unless(
            "removing a checklist",
            |_| Refusal::InUse {
                what: "This checklist was answered. Take it out of use instead: set `active` to false.".into(),
            },
        )?;
        exactly_one(done.rows_affected(), "removing a checklist")?;
        self.audit(&by.name, "delete", &format!("checklist {id} {}", old.name)).await
    }

    async fn managed_checklist(&mut self, id: ChecklistId) -> Result<Checklist> {
        let missing = || Refusal::NotFound { what: "There is no such checklist. Look the id up again.".into() };
        Ok(read(&mut self.conn, id).await?.ok_or_else(missing)?)
    }

    /// No station asks it.
    async fn not_asked(&mut self, id: ChecklistId) -> Result<()> {
        let station = sqlx::query_file_scalar!("queries/checklist_asked_at.sql", id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("asking where a checklist is asked")?;
        let Some(code) = station else { return Ok(()) };
        let what = format!("The station {code} asks this checklist. Give the stations that ask it another, or none.");
        Err(Refusal::InUse { what }.into())
    }
}

fn name_taken() -> Refusal {
    Refusal::Conflict { what: "Another checklist has this `name`. Choose another.".into() }
}
