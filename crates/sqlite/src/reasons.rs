//! Reasons as they are managed: rows and what is done to them.

use crate::effects::exactly_one;
use crate::encoding::{count, from_json, from_word, json, word};
use crate::error::{Context, Unless};
use crate::writer::Tx;
use millrace_domain::draft::at_version;
use millrace_domain::storage::{Actor, Asked, Listed, Result};
use millrace_domain::{Chance, Refusal, catalogue};
use millrace_protocol::catalogue::{Deletion, ManagedReason, ReasonDraft};
use millrace_protocol::status::{Reason, ReasonType};
use millrace_protocol::{ReasonId, StationId};
use sqlx::SqliteExecutor;
use uuid::Uuid;

/// A row of `reasons` with its place in the list.
struct ManagedRow {
    id: Uuid,
    station_id: Option<Uuid>,
    kind: String,
    labels: String,
    position: i64,
    active: bool,
    version: i64,
    place: String,
}

impl ManagedRow {
    fn placed(self) -> Result<(String, ManagedReason)> {
        let reason = ManagedReason {
            reason: Reason { id: ReasonId(self.id), labels: from_json(&self.labels)? },
            kind: from_word(self.kind)?,
            station_id: self.station_id.map(StationId),
            position: count(self.position)?,
            active: self.active,
            version: count(self.version)?,
        };
        Ok((self.place, reason))
    }
}

/// A page of reasons, of one type or of all.
pub(crate) async fn list(
    reader: impl SqliteExecutor<'_>,
    asked: &Asked,
    kind: Option<ReasonType>,
) -> Result<Listed<ManagedReason>> {
    let (key, id, rows) = (&asked.after.key, asked.after.id, asked.rows());
    let kind = kind.map(word).transpose()?;
    let rows = sqlx::query_file_as!(ManagedRow, "queries/reasons_all.sql", key, id, rows, kind)
        .fetch_all(reader)
        .await
        .during("reading reasons")?;
    let placed = rows.into_iter().map(ManagedRow::placed).collect::<Result<_>>()?;
    let page =
        Listed::cut(placed, asked, |(place, reason): &(String, ManagedReason)| (place.clone(), reason.reason.id.0));
    Ok(Listed { items: page.items.into_iter().map(|(_, reason)| reason).collect(), next: page.next })
}

/// A reason, from a reader or within a command.
pub(crate) async fn read(reader: impl SqliteExecutor<'_>, id: ReasonId) -> Result<Option<ManagedReason>> {
    sqlx::query_file_as!(ManagedRow, "queries/reason_managed.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a reason")?
        .map(|row| row.placed().map(|(_, reason)| reason))
        .transpose()
}

impl Tx {
    pub(crate) async fn create_reason(
        &mut self,
        by: &Actor,
        draft: &ReasonDraft,
        chance: &dyn Chance,
    ) -> Result<ManagedReason> {
        let id = ReasonId(chance.uuid(self.now));
        let (station, kind) = (draft.station_id.map(|id| id.0), word(draft.kind)?);
        let labels = json(&draft.labels)?;
        sqlx::query_file!("queries/reason_create.sql", id.0, station, kind, labels, draft.position, draft.active)
            .execute(&mut self.conn)
            .await
            .unless("making a reason", |_| Refusal::Invalid {
                what: "There is no station `stationId`. Look it up again.".into(),
            })?;
        self.audit(&by.name, "create", &format!("reason {id} {labels}")).await?;
        self.managed_reason(id).await
    }

    pub(crate) async fn change_reason(
        &mut self,
        by: &Actor,
        id: ReasonId,
        version: u32,
        draft: &ReasonDraft,
    ) -> Result<ManagedReason> {
        let old = self.managed_reason(id).await?;
        at_version(old.version, version)?;
        catalogue::change_reason(&old, draft)?;
        let (from, labels) = (i64::from(version), json(&draft.labels)?);
        let done = sqlx::query_file!("queries/reason_update.sql", id.0, from, labels, draft.position, draft.active)
            .execute(&mut self.conn)
            .await
            .during("changing a reason")?;
        exactly_one(done.rows_affected(), "changing a reason")?;
        self.audit(&by.name, "change", &format!("reason {id} {labels}")).await?;
        self.managed_reason(id).await
    }

    pub(crate) async fn delete_reason(&mut self, by: &Actor, id: ReasonId, version: u32) -> Result<Deletion> {
        let old = self.managed_reason(id).await?;
        at_version(old.version, version)?;
        let used = sqlx::query_file_scalar!("queries/reason_used.sql", id.0)
            .fetch_one(&mut self.conn)
            .await
            .during("asking what uses a reason")?;
        let deletion = catalogue::deletion(used);
        let from = i64::from(version);
        let (done, verb) = match deletion {
            Deletion::Removed => {
                (sqlx::query_file!("queries/reason_delete.sql", id.0, from).execute(&mut self.conn).await, "delete")
            }
            Deletion::Retired => {
                (sqlx::query_file!("queries/reason_retire.sql", id.0, from).execute(&mut self.conn).await, "retire")
            }
        };
        exactly_one(done.during("deleting a reason")?.rows_affected(), "deleting a reason")?;
        self.audit(&by.name, verb, &format!("reason {id} {}", json(&old.reason.labels)?)).await?;
        Ok(deletion)
    }

    async fn managed_reason(&mut self, id: ReasonId) -> Result<ManagedReason> {
        let missing = || Refusal::NotFound { what: "There is no such reason. Look the id up again.".into() };
        Ok(read(&mut self.conn, id).await?.ok_or_else(missing)?)
    }
}
