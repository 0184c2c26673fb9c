//! Which kiosk this is.

use super::{Store, StoreError, parsed, text};
use millrace_protocol::{Code, KioskId, Problem, StationId};
use serde::{Deserialize, Serialize};

/// Which kiosk this is, of which server, and the secret that proves it. As JSON it is an enrolment file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// The server, `http://host:port`.
    pub server_url: String,
    /// The kiosk.
    pub kiosk_id: KioskId,
    /// What it is called.
    pub kiosk_name: String,
    /// Its secret.
    pub token: String,
    /// The station it stands at: a preset, not a right.
    #[serde(default)]
    pub station_id: Option<StationId>,
}

/// Without the token.
impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("server_url", &self.server_url)
            .field("kiosk_id", &self.kiosk_id)
            .field("kiosk_name", &self.kiosk_name)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Which kiosk this is; nothing until it is enrolled.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn identity(&self) -> Result<Option<Identity>, StoreError> {
        let row = sqlx::query!("SELECT server_url, kiosk_id, kiosk_name, token, station_id FROM identity")
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            Ok(Identity {
                server_url: row.server_url,
                kiosk_id: parsed("kiosk", &row.kiosk_id)?,
                kiosk_name: row.kiosk_name,
                token: row.token,
                station_id: row.station_id.map(|id| parsed("station", &id)).transpose()?,
            })
        })
        .transpose()
    }

    /// Keeps which kiosk this is. A kiosk that it was not before has no worker, no claim and no lists.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn enrolled(&self, identity: &Identity) -> Result<(), StoreError> {
        let (kiosk, station) = (identity.kiosk_id.to_string(), identity.station_id.map(|id| id.to_string()));
        let mut tx = self.pool.begin().await?;
        let same = sqlx::query_scalar!("SELECT kiosk_id FROM identity").fetch_optional(&mut *tx).await?;
        if same.is_none_or(|before| before != kiosk) {
            sqlx::query!("DELETE FROM claim").execute(&mut *tx).await?;
            sqlx::query!("DELETE FROM opening").execute(&mut *tx).await?;
            sqlx::query!("DELETE FROM remembered").execute(&mut *tx).await?;
            // What the kiosk before has sent is not this one's to send again; what it had not sent is told, but not done.
            sqlx::query!("DELETE FROM outbox WHERE state <> 'saved' AND unsaid = 0").execute(&mut *tx).await?;
            let orphaned = Problem::new(Code::Forbidden, "This was tapped before the kiosk was enrolled anew.");
            let orphaned = text("problem", &orphaned)?;
            sqlx::query!("UPDATE outbox SET problem = ? WHERE state = 'saved' AND problem IS NULL", orphaned)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query!(
            "INSERT OR REPLACE INTO identity (one, server_url, kiosk_id, kiosk_name, token, station_id)
             VALUES (1, ?, ?, ?, ?, ?)",
            identity.server_url,
            kiosk,
            identity.kiosk_name,
            identity.token,
            station
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}
