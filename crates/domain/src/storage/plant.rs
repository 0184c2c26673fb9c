//! Areas and shift calendars, managed by administrators.

use super::{Actor, Asked, Listed, Result};
use async_trait::async_trait;
use millrace_protocol::plant::{Area, AreaDraft, ShiftCalendar, ShiftCalendarDraft};
use millrace_protocol::{AreaId, ShiftCalendarId};

/// The plant. Drafts were checked before; what only the database can know is refused by it.
#[async_trait]
pub trait Plant: Send + Sync + 'static {
    /// Areas by name.
    async fn areas(&self, asked: Asked) -> Result<Listed<Area>>;

    /// An area.
    async fn area(&self, id: AreaId) -> Result<Option<Area>>;

    /// Makes an area.
    async fn create_area(&self, by: Actor, draft: AreaDraft) -> Result<Area>;

    /// Changes an area that is at this version.
    async fn change_area(&self, by: Actor, id: AreaId, version: u32, draft: AreaDraft) -> Result<Area>;

    /// Removes an area that is at this version and that nothing needs.
    async fn delete_area(&self, by: Actor, id: AreaId, version: u32) -> Result<()>;

    /// Shift calendars by name.
    async fn calendars(&self, asked: Asked) -> Result<Listed<ShiftCalendar>>;

    /// A shift calendar.
    async fn calendar(&self, id: ShiftCalendarId) -> Result<Option<ShiftCalendar>>;

    /// Makes a shift calendar.
    async fn create_calendar(&self, by: Actor, draft: ShiftCalendarDraft) -> Result<ShiftCalendar>;

    /// Changes a shift calendar that is at this version.
    async fn change_calendar(
        &self,
        by: Actor,
        id: ShiftCalendarId,
        version: u32,
        draft: ShiftCalendarDraft,
    ) -> Result<ShiftCalendar>;

    /// Removes a shift calendar that is at this version and by which no area works.
    async fn delete_calendar(&self, by: Actor, id: ShiftCalendarId, version: u32) -> Result<()>;
}
