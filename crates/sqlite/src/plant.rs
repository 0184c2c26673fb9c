//! [`Plant`] on SQLite: reads go to the readers, commands to the writer.

use crate::{Sqlite, areas, calendars};
use async_trait::async_trait;
use millrace_domain::storage::{Actor, Asked, Listed, Plant, Result};
use millrace_protocol::plant::{Area, AreaDraft, ShiftCalendar, ShiftCalendarDraft};
use millrace_protocol::{AreaId, ShiftCalendarId};

#[async_trait]
impl Plant for Sqlite {
    async fn areas(&self, asked: Asked) -> Result<Listed<Area>> {
        areas::list(&self.readers, &asked).await
    }

    async fn area(&self, id: AreaId) -> Result<Option<Area>> {
        areas::area(&self.readers, id).await
    }

    async fn create_area(&self, by: Actor, draft: AreaDraft) -> Result<Area> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.create_area(&by, &draft, &*chance).await })).await
    }

    async fn change_area(&self, by: Actor, id: AreaId, version: u32, draft: AreaDraft) -> Result<Area> {
        self.write(move |tx| Box::pin(async move { tx.change_area(&by, id, version, &draft).await })).await
    }

    async fn delete_area(&self, by: Actor, id: AreaId, version: u32) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.delete_area(&by, id, version).await })).await
    }

    async fn calendars(&self, asked: Asked) -> Result<Listed<ShiftCalendar>> {
        calendars::list(&self.readers, &asked).await
    }

    async fn calendar(&self, id: ShiftCalendarId) -> Result<Option<ShiftCalendar>> {
        calendars::calendar(&self.readers, id).await
    }

    async fn create_calendar(&self, by: Actor, draft: ShiftCalendarDraft) -> Result<ShiftCalendar> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.create_calendar(&by, &draft, &*chance).await })).await
    }

    async fn change_calendar(
        &self,
        by: Actor,
        id: ShiftCalendarId,
        version: u32,
        draft: ShiftCalendarDraft,
    ) -> Result<ShiftCalendar> {
        self.write(move |tx| Box::pin(async move { tx.change_calendar(&by, id, version, &draft).await })).await
    }

    async fn delete_calendar(&self, by: Actor, id: ShiftCalendarId, version: u32) -> Result<()> {
        self.write(move |tx| Box::pin(async move { tx.delete_calendar(&by, id, version).await })).await
    }
}
