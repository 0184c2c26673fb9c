//! Checklists: which one a station asks, and what was answered.

use crate::Sqlite;
use crate::encoding::{count, from_json, json, word};
use crate::error::Context;
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::checklist::Kept;
use millrace_domain::storage::{Checklists, Result};
use millrace_protocol::checklist::{Checklist, ChecklistMoment, StationChecklists};
use millrace_protocol::{ChecklistId, SessionId, StationId};
use sqlx::SqliteConnection;
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

    /// Keeps what was answered with the session. Once per moment: a session starts and ends once.
    pub(crate) async fn keep_checklist(
        &mut self,
        session: SessionId,
        moment: ChecklistMoment,
        kept: &Kept,
    ) -> Result<()> {
        let (moment, version, now) = (word(moment)?, i64::from(kept.version), self.now.millis());
        let (list, items, answers) = (kept.checklist_id.0, json(&kept.items)?, json(&kept.answers)?);
        sqlx::query_file!("queries/checklist_answers_insert.sql", session.0, moment, list, version, items, answers, now)
            .execute(&mut self.conn)
            .await
            .during("keeping a checklist's answers")
            .map(drop)
    }
}
