//! What to add to this device's clock to have the server's, by boot.

use super::{Store, StoreError};
use millrace_protocol::time::Timestamp;

impl Store {
    /// The offset learnt last, be it in an earlier boot; milliseconds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offset(&self) -> Result<Option<i64>, StoreError> {
        let offset = sqlx::query_scalar!("SELECT offset_ms FROM clock_offset ORDER BY learnt_at DESC LIMIT 1")
            .fetch_optional(&self.pool)
            .await?;
        Ok(offset)
    }

    /// Keeps the offset learnt in this boot; milliseconds. Where boots have no names they are one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn learnt(&self, boot: Option<&str>, offset: i64, at: Timestamp) -> Result<(), StoreError> {
        let (boot, at) = (boot.unwrap_or("unnamed"), at.millis());
        sqlx::query!(
            "INSERT OR REPLACE INTO clock_offset (boot_id, offset_ms, learnt_at) VALUES (?, ?, ?)",
            boot,
            offset,
            at
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
