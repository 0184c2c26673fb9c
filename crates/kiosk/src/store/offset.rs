//! What to add to this device's clocks to have the server's, by boot.

use super::{Store, StoreError};
use millrace_protocol::time::Timestamp;

/// What was learnt of the server's clock in one boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Learnt {
    /// Milliseconds to add to the wall clock as it was then.
    pub wall: i64,
    /// Milliseconds to add to the clock of the boot. Absent where boots have no clock.
    pub boot: Option<i64>,
}

impl Store {
    /// What to add to the wall clock, as it was learnt last, be it in an earlier boot; milliseconds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wall_offset(&self) -> Result<Option<i64>, StoreError> {
        let offset =
            sqlx::query_scalar!("SELECT offset_ms FROM clock_offset ORDER BY learnt_at DESC, rowid DESC LIMIT 1")
                .fetch_optional(&self.pool)
                .await?;
        Ok(offset)
    }

    /// What to add to the clock of this boot; milliseconds. Nothing where the server was never heard in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn boot_offset(&self, boot: &str) -> Result<Option<i64>, StoreError> {
        let offset = sqlx::query_scalar!("SELECT boot_offset_ms FROM clock_offset WHERE boot_id = ?", boot)
            .fetch_optional(&self.pool)
            .await?;
        Ok(offset.flatten())
    }

    /// Keeps what was learnt in this boot. Where boots have no names they are one. `at` is the server's time: this
    /// device's wall clock is what is in doubt.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn learnt(&self, boot: Option<&str>, learnt: Learnt, at: Timestamp) -> Result<(), StoreError> {
        let (boot, at) = (boot.unwrap_or("unnamed"), at.millis());
        sqlx::query!(
            "INSERT OR REPLACE INTO clock_offset (boot_id, offset_ms, boot_offset_ms, learnt_at) VALUES (?, ?, ?, ?)",
            boot,
            learnt.wall,
            learnt.boot,
            at
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
