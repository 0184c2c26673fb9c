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
        let Some(value) = value else { return Ok(None) };
        self.readable(name, json("remembered value", &value)).await
    }

    /// What can't be read is of another version, or damaged: it is dropped, and comes again from the server.
    async fn readable<T>(&self, name: &str, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(error @ StoreError::Unreadable { .. }) => {
                tracing::warn!(%error, name, "a remembered value is dropped");
                self.forget(name).await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The value kept under this name, and since when.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recall_with_age<T: DeserializeOwned>(&self, name: &str) -> Result<Option<(T, Timestamp)>, StoreError> {
        let row =
            sqlx::query!("SELECT value, at FROM remembered WHERE name = ?", name).fetch_optional(&self.pool).await?;
        let Some(row) = row else { return Ok(None) };
        let value = self.readable(name, json("remembered value", &row.value)).await?;
        Ok(value.map(|value| (value, Timestamp::from_millis(row.at))))
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
