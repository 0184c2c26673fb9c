//! Presets: templates for steps. Nothing in history refers to one, so each can be removed.

use crate::effects::exactly_one;
use crate::encoding::{count, from_json, json};
use crate::error::{Broken, Context, Unless};
use crate::writer::Tx;
use millrace_domain::draft::at_version;
use millrace_domain::planning::check_preset;
use millrace_domain::storage::{Actor, Asked, Listed, Result};
use millrace_domain::{Chance, Refusal};
use millrace_protocol::PresetId;
use millrace_protocol::planning::{Preset, PresetDraft, PresetStep, StepDraft};
use sqlx::SqliteExecutor;
use uuid::Uuid;

/// A row of `step_presets`.
struct PresetRow {
    id: Uuid,
    name: String,
    steps: String,
    version: i64,
}

impl PresetRow {
    fn preset(self) -> Result<Preset> {
        Ok(Preset {
            id: PresetId(self.id),
            name: self.name,
            steps: from_json(&self.steps)?,
            version: count(self.version)?,
        })
    }
}

impl Tx {
    /// `POST /api/admin/presets`
    pub(crate) async fn create_preset(
        &mut self,
        by: &Actor,
        draft: PresetDraft,
        chance: &dyn Chance,
    ) -> Result<Preset> {
        let draft = check_preset(draft)?;
        self.stations_in_use(&draft.steps, &[]).await?;
        let (id, steps) = (chance.uuid(self.now), json(&draft.steps)?);
        sqlx::query_file!("queries/preset_insert.sql", id, draft.name, steps)
            .execute(&mut self.conn)
            .await
            .unless("making a preset", name_taken)?;
        let preset = self.preset_to_change(PresetId(id)).await?;
        self.audit(&by.name, "create", &named(&preset)).await?;
        Ok(preset)
    }

    /// `PUT /api/admin/presets/{id}`
    pub(crate) async fn change_preset(
        &mut self,
        by: &Actor,
        id: PresetId,
        version: u32,
        draft: PresetDraft,
    ) -> Result<Preset> {
        let draft = check_preset(draft)?;
        let old = self.preset_to_change(id).await?;
        at_version(old.version, version)?;
        self.stations_in_use(&draft.steps, &old.steps).await?;
        let (from, steps) = (i64::from(version), json(&draft.steps)?);
        let done = sqlx::query_file!("queries/preset_update.sql", id.0, from, draft.name, steps)
            .execute(&mut self.conn)
            .await
            .unless("changing a preset", name_taken)?;
        exactly_one(done.rows_affected(), "changing a preset")?;
        let preset = self.preset_to_change(id).await?;
        self.audit(&by.name, "change", &named(&preset)).await?;
        Ok(preset)
    }

    /// `DELETE /api/admin/presets/{id}`
    pub(crate) async fn delete_preset(&mut self, by: &Actor, id: PresetId, version: u32) -> Result<()> {
        let old = self.preset_to_change(id).await?;
        at_version(old.version, version)?;
        let from = i64::from(version);
        let done = sqlx::query_file!("queries/preset_delete.sql", id.0, from)
            .execute(&mut self.conn)
            .await
            .during("removing a preset")?;
        exactly_one(done.rows_affected(), "removing a preset")?;
        self.audit(&by.name, "delete", &named(&old)).await
    }

    /// Steps can be planned at stations in use; those that were planned before may stay.
    async fn stations_in_use(&mut self, steps: &[StepDraft], before: &[PresetStep]) -> Result<()> {
        for (position, step) in (1..).zip(steps) {
            if !before.iter().any(|was| was.station_id == step.station_id) {
                self.in_use(position, step.station_id).await?;
            }
        }
        Ok(())
    }

    async fn preset_to_change(&mut self, id: PresetId) -> Result<Preset> {
        let missing = || Refusal::NotFound { what: "There is no such preset. Look the id up again.".into() };
        Ok(preset(&mut self.conn, id).await?.ok_or_else(missing)?)
    }
}

/// A page of presets, by name.
pub(super) async fn list(reader: impl SqliteExecutor<'_>, asked: &Asked) -> Result<Listed<Preset>> {
    let (key, id, rows) = (&asked.after.key, asked.after.id, asked.rows());
    let rows = sqlx::query_file_as!(PresetRow, "queries/presets_page.sql", key, id, rows)
        .fetch_all(reader)
        .await
        .during("reading presets")?;
    let presets = rows.into_iter().map(PresetRow::preset).collect::<Result<_>>()?;
    Ok(Listed::cut(presets, asked, |preset: &Preset| (preset.name.clone(), preset.id.0)))
}

/// A preset, from a reader or within a command.
pub(super) async fn preset(reader: impl SqliteExecutor<'_>, id: PresetId) -> Result<Option<Preset>> {
    sqlx::query_file_as!(PresetRow, "queries/preset.sql", id.0)
        .fetch_optional(reader)
        .await
        .during("reading a preset")?
        .map(PresetRow::preset)
        .transpose()
}

/// What the schema says no to: a name belongs to one preset.
fn name_taken(_: Broken) -> Refusal {
    Refusal::Conflict { what: "Another preset has this `name`. Choose another.".into() }
}

/// A preset as the audit log names it.
fn named(preset: &Preset) -> String {
    format!("preset {} {}", preset.id, preset.name)
}
