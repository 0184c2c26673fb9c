//! Single values by name: who is signed in, how the last session was lost, the server's lists.

use super::{Store, StoreError, json, text};
use millrace_protocol::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

impl Store {
    /// The value kept under this name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recall<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let value =
            sqlx::query_scalar!("SELECT value FROM remembered WHERE name = ?", name).fetch_optional(&self.pool).await?;
        value.map(|value| json("remembered value", &value)).transpose()
    }

    /// The value kept under this name, and since when.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recall_with_age<T: DeserializeOwned>(&self, name: &str) -> Result<Option<(T, Timestamp)>, StoreError> {
        let row =
            sqlx::query!("SELECT value, at FROM remembered WHERE name = ?", name).fetch_optional(&self.pool).await?;
        row.map(|row| Ok((json("remembered value", &row.value)?, Timestamp::from_millis(row.at)))).transpose()
    }

    /// Keeps a value under this name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remember<T: Serialize>(&self, name: &str, value: &T, at: Timestamp) -> Result<(), StoreError> {
        let (value, at) = (text("remembered value", value)?, at.millis());
        sqlx::query!("INSERT OR REPLACE INTO remembered (name, value, at) VALUES (?, ?, ?)", name, value, at)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Forgets the value kept under this name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, name: &str) -> Result<(), StoreError> {
        sqlx::query!("DELETE FROM remembered WHERE name = ?", name).execute(&self.pool).await?;
        Ok(())
    }
}
