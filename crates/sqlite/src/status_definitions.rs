//! Statuses as they are managed: rows and what is done to them.

use crate::effects::exactly_one;
use crate::encoding::{count, json, word};
use crate::error::{Broken, Context, Unless};
use crate::rows::StatusDefinitionRow;
use crate::writer::Tx;
use millrace_domain::draft::at_version;
use millrace_domain::storage::{Actor, Asked, Listed, Result};
use millrace_domain::{Chance, Refusal, catalogue};
use millrace_protocol::catalogue::{Deletion, ManagedStatus, StatusDraft};
use millrace_protocol::{StationId, StatusDefinitionId};
use sqlx::SqliteExecutor;
use uuid::Uuid;

/// A row of `status_definitions` with its place in the list.
struct ManagedRow {
    id: Uuid,
    station_id: Option<Uuid>,
    key: String,
    labels: String,
    color: String,
    machine_state: String,
    time_class: String,
    reason_wanted: String,
    report_type: String,
    protected: bool,
    position: i64,
    active: bool,
    version: i64,
    place: String,
}

impl ManagedRow {
    fn placed(self) -> Result<(String, ManagedStatus)> {
        let definition = StatusDefinitionRow {
            id: self.id,
            key: self.key,
            labels: self.labels,
            color: self.color,
            machine_state: self.machine_state,
            time_class: self.time_class,
            reason_wanted: self.reason_wanted,
            report_type: self.report_type,
            protected: self.protected,
        };
        let status = ManagedStatus {
            definition: definition.definition()?,
            station_id: self.station_id.map(StationId),
            position: count(self.position)?,
            active: self.active,
            version: count(self.version)?,
        };
        Ok((self.place, status))
    }
}

/// A page of statuses.
pub(crate) async fn list(reader: impl SqliteExecutor<'_>, asked: &Asked) -> Result<Listed<ManagedStatus>> {
    let (key, id, rows) = (&asked.after.key, asked.after.id, asked.rows());
    let rows = sqlx::query_file_as!(ManagedRow, "queries/status_definitions_all.sql", key, id, rows)
        .fetch_all(reader)
        .await
        .during("reading statuses")?;
    let placed = rows.into_iter().map(ManagedRow::placed).collect::<Result<_>>()?;
    let page =
        Listed::cut(placed, asked, |(place, status): &(String, ManagedStatus)| (place.clone(), status.definition.id.0));
    Ok(Listed { items: page.items.into_iter().map(|(_, status)| status).collect(), next: page.next })
}

/// A status, from a reader or within a command.
pub(crate) async fn read(reader: impl SqliteExecutor<'_>, id: StatusDefinitionId) -> Result<Option<ManagedStatus>> {
    sqlx::query_file_as!(ManagedRow, "queries/status_definition_managed.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a status")?
        .map(|row| row.placed().map(|(_, status)| status))
        .transpose()
}

fn refusal(broken: Broken) -> Refusal {
    match broken {
        Broken::Unique => Refusal::Conflict {
            what: "Another status has this `key` here, in use or not. Choose another, or bring that one back.".into(),
        },
        Broken::Reference => Refusal::Invalid { what: "There is no station `stationId`. Look it up again.".into() },
    }
}

impl Tx {
    pub(crate) async fn create_status_definition(
        &mut self,
        by: &Actor,
        draft: &StatusDraft,
        chance: &dyn Chance,
    ) -> Result<ManagedStatus> {
        let id = StatusDefinitionId(chance.uuid(self.now));
        let (station, labels) = (draft.station_id.map(|id| id.0), json(&draft.labels)?);
        let (state, class) = (word(draft.machine_state)?, word(draft.time_class)?);
        let (reason, report) = (word(draft.reason_wanted)?, word(draft.report_type)?);
        sqlx::query_file!(
            "queries/status_definition_create.sql",
            id.0,
            station,
            draft.key,
            labels,
            draft.color,
            state,
            class,
            reason,
            report,
            draft.position,
            draft.active,
        )
        .execute(&mut self.conn)
        .await
        .unless("making a status", refusal)?;
        self.audit(&by.name, "create", &format!("status {id} {}", draft.key)).await?;
        self.managed_status(id).await
    }

    pub(crate) async fn change_status_definition(
        &mut self,
        by: &Actor,
        id: StatusDefinitionId,
        version: u32,
        draft: &StatusDraft,
    ) -> Result<ManagedStatus> {
        let old = self.managed_status(id).await?;
        at_version(old.version, version)?;
        let (current, _) = self.status_use(id).await?;
        catalogue::change_status(&old, draft, current)?;
        let (from, labels) = (i64::from(version), json(&draft.labels)?);
        let (state, class) = (word(draft.machine_state)?, word(draft.time_class)?);
        let (reason, report) = (word(draft.reason_wanted)?, word(draft.report_type)?);
        let done = sqlx::query_file!(
            "queries/status_definition_update.sql",
            id.0,
            from,
            labels,
            draft.color,
            state,
            class,
            reason,
            report,
            draft.position,
            draft.active,
        )
        .execute(&mut self.conn)
        .await
        .during("changing a status")?;
        exactly_one(done.rows_affected(), "changing a status")?;
        self.audit(&by.name, "change", &format!("status {id} {}", draft.key)).await?;
        self.managed_status(id).await
    }

    pub(crate) async fn delete_status_definition(
        &mut self,
        by: &Actor,
        id: StatusDefinitionId,
        version: u32,
    ) -> Result<Deletion> {
        let old = self.managed_status(id).await?;
        at_version(old.version, version)?;
        let (current, used) = self.status_use(id).await?;
        let deletion = catalogue::delete_status(&old, current, used)?;
        let from = i64::from(version);
        let (done, verb) = match deletion {
            Deletion::Removed => (
                sqlx::query_file!("queries/status_definition_delete.sql", id.0, from).execute(&mut self.conn).await,
                "delete",
            ),
            Deletion::Retired => (
                sqlx::query_file!("queries/status_definition_retire.sql", id.0, from).execute(&mut self.conn).await,
                "retire",
            ),
        };
        exactly_one(done.during("deleting a status")?.rows_affected(), "deleting a status")?;
        self.audit(&by.name, verb, &format!("status {id} {}", old.definition.key)).await?;
        Ok(deletion)
    }

    async fn managed_status(&mut self, id: StatusDefinitionId) -> Result<ManagedStatus> {
        let missing = || Refusal::NotFound { what: "There is no such status. Look the id up again.".into() };
        Ok(read(&mut self.conn, id).await?.ok_or_else(missing)?)
    }

    /// Whether an open session is in this status, and whether history knows it.
    async fn status_use(&mut self, id: StatusDefinitionId) -> Result<(bool, bool)> {
        let row = sqlx::query_file!("queries/status_definition_use.sql", id.0)
            .fetch_one(&mut self.conn)
            .await
            .during("asking what uses a status")?;
        Ok((row.current, row.used))
    }
}
