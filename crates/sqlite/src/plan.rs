//! [`Furnish`] on SQLite: a whole floor in one transaction.

use crate::Sqlite;
use crate::encoding::{json, number, word};
use crate::error::Context;
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::Chance;
use millrace_domain::storage::{Floorplan, Furnish, PlannedReason, PlannedStation, PlannedStatus, Result};

#[async_trait]
impl Furnish for Sqlite {
    async fn is_bare(&self) -> Result<bool> {
        sqlx::query_file_scalar!("queries/bare.sql").fetch_one(&self.readers).await.during("looking at the floor")
    }

    async fn furnish(&self, plan: Floorplan) -> Result<()> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.furnish(plan, &*chance).await })).await
    }
}

impl Tx {
    async fn furnish(&mut self, plan: Floorplan, chance: &dyn Chance) -> Result<()> {
        for station in &plan.stations {
            self.furnish_station(station, chance).await?;
        }
        for worker in &plan.workers {
            sqlx::query_file!(
                "queries/worker_insert.sql",
                worker.id.0,
                worker.code,
                worker.name,
                worker.language,
                worker.pin_hash
            )
            .execute(&mut self.conn)
            .await
            .during("adding a worker")?;
        }
        for (position, status) in plan.statuses.iter().enumerate() {
            self.furnish_status(number(position)?, status).await?;
        }
        for (position, reason) in plan.reasons.iter().enumerate() {
            self.furnish_reason(number(position)?, reason).await?;
        }
        for planned in &plan.users {
            let (user, role) = (&planned.user, word(planned.user.role)?);
            sqlx::query_file!(
                "queries/user_insert.sql",
                user.id.0,
                user.username,
                user.name,
                role,
                planned.password_hash
            )
            .execute(&mut self.conn)
            .await
            .during("adding a user")?;
        }
        for kiosk in &plan.kiosks {
            let (station, token, now) = (kiosk.station.map(|id| id.0), kiosk.token.as_slice(), self.now.millis());
            sqlx::query_file!("queries/kiosk_insert.sql", kiosk.id.0, kiosk.name, station, token, now)
                .execute(&mut self.conn)
                .await
                .during("adding a kiosk")?;
        }
        self.furnish_calendars(&plan.calendars).await?;
        self.furnish_checklists(&plan.checklists).await?;
        self.furnish_jobs(&plan.jobs).await?;
        if let Some(past) = &plan.history {
            self.furnish_history(past).await?;
        }
        let furnished = format!("{} stations, {} workers", plan.stations.len(), plan.workers.len());
        self.audit("server", "furnish", &furnished).await
    }

    async fn furnish_station(&mut self, station: &PlannedStation, chance: &dyn Chance) -> Result<()> {
        let area = chance.uuid(self.now);
        sqlx::query_file!("queries/area_insert.sql", area, station.area)
            .execute(&mut self.conn)
            .await
            .during("adding an area")?;
        let id = station.id.0;
        sqlx::query_file!("queries/station_insert.sql", id, station.code, station.name, station.kind, station.area)
            .execute(&mut self.conn)
            .await
            .during("adding a station")
            .map(drop)
    }

    async fn furnish_status(&mut self, position: i64, status: &PlannedStatus) -> Result<()> {
        let definition = &status.definition;
        let (station, labels) = (status.station.map(|id| id.0), json(&definition.labels)?);
        let (state, class) = (word(definition.machine_state)?, word(definition.time_class)?);
        let (reason, report) = (word(definition.reason_wanted)?, word(definition.report_type)?);
        sqlx::query_file!(
            "queries/status_definition_insert.sql",
            definition.id.0,
            station,
            definition.key,
            labels,
            definition.color,
            state,
            class,
            reason,
            report,
            definition.protected,
            position,
        )
        .execute(&mut self.conn)
        .await
        .during("adding a status")
        .map(drop)
    }

    async fn furnish_reason(&mut self, position: i64, reason: &PlannedReason) -> Result<()> {
        let (station, kind, labels) = (reason.station.map(|id| id.0), word(reason.kind)?, json(&reason.labels)?);
        sqlx::query_file!("queries/reason_insert.sql", reason.id.0, station, kind, labels, position)
            .execute(&mut self.conn)
            .await
            .during("adding a reason")
            .map(drop)
    }
}
