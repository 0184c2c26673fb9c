//! The session this kiosk owns, and a claim that was asked for and not yet answered.

use super::{Store, StoreError, column, count, json, parsed, text};
use millrace_protocol::checklist::ChecklistAnswers;
use millrace_protocol::quantity::Quantities;
use millrace_protocol::session::Session;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, SessionId, StationId, WorkerId};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

/// What this kiosk owns a session by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The instance.
    pub instance: InstanceId,
    /// Counts the claims on the session.
    pub epoch: u32,
    /// The session as the server last told it.
    pub session: Session,
    /// The open status event, where this kiosk made it.
    pub status_event: Option<StatusEvent>,
    /// The worker has ended it here; the entry that says so may still wait.
    pub ending: bool,
}

/// A claim that was asked for. Until it is answered nobody knows whether it was given; asking
/// again with the same instance answers that without a second effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The instance it was asked for with.
    pub instance: InstanceId,
    /// The id that the session gets, where one begins; absent in one that an earlier version asked for.
    pub id: Option<SessionId>,
    /// What for.
    pub purpose: Purpose,
    /// What the worker brought.
    pub brings: Brought,
}

/// What a worker brings to the claim he asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Brought {
    /// Who asks.
    pub worker: Option<WorkerId>,
    /// The station's list at the start, answered.
    pub checklist: Option<ChecklistAnswers>,
    /// What running production had made, counted by the next worker.
    pub quantities: Option<Quantities>,
    /// He could not count it.
    pub quantities_unknown: bool,
}

/// What a claim was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Purpose {
    /// A new session.
    Open {
        /// Where.
        station: StationId,
    },
    /// A session that is owned elsewhere.
    TakeOver {
        /// Which.
        session: SessionId,
    },
    /// A session to give up.
    Discard {
        /// Which.
        session: SessionId,
    },
    /// A session that was over already: its worker says since when.
    EndedAt {
        /// Which.
        session: SessionId,
        /// Since when.
        at: Timestamp,
    },
    /// The next worker's session at the station of this one.
    HandOver {
        /// The one that ends.
        session: SessionId,
        /// Where.
        station: StationId,
    },
}

impl Store {
    /// The session this kiosk owns.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim(&self) -> Result<Option<Claim>, StoreError> {
        let row = sqlx::query!("SELECT instance_id, epoch, session, status_event, ending FROM claim")
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            Ok(Claim {
                instance: parsed("instance", &row.instance_id)?,
                epoch: count("epoch", row.epoch)?,
                session: json("session", &row.session)?,
                status_event: row.status_event.map(|event| json("status event", &event)).transpose()?,
                ending: row.ending != 0,
            })
        })
        .transpose()
    }

    /// Keeps what the server told of the session that is owned.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn told(&self, claim: &Claim) -> Result<(), StoreError> {
        let (session, event) = (text("session", &claim.session)?, written(claim)?);
        let ending = i64::from(claim.ending);
        sqlx::query!("UPDATE claim SET session = ?, status_event = ?, ending = ?", session, event, ending)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Keeps a claim that was given; it answers the one that was asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claimed(&self, claim: &Claim) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        put(&mut tx, claim).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The claim is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unclaimed(&self) -> Result<(), StoreError> {
        sqlx::query!("DELETE FROM claim").execute(&self.pool).await?;
        Ok(())
    }

    /// The claim that was asked for and not yet answered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn opening(&self) -> Result<Option<Opening>, StoreError> {
        let row = sqlx::query!("SELECT instance_id, session_id, purpose, brings FROM opening")
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            Ok(Opening {
                instance: parsed("instance", &row.instance_id)?,
                id: row.session_id.map(|id| parsed("session", &id)).transpose()?,
                purpose: json("purpose", &row.purpose)?,
                brings: row.brings.map(|brings| json("answers", &brings)).transpose()?.unwrap_or_default(),
            })
        })
        .transpose()
    }

    /// Keeps that a claim is being asked for, before it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn asking(&self, opening: &Opening) -> Result<(), StoreError> {
        let (instance, purpose) = (opening.instance.to_string(), text("purpose", &opening.purpose)?);
        let (session, brings) = (opening.id.map(|id| id.to_string()), text("answers", &opening.brings)?);
        sqlx::query!(
            "INSERT OR REPLACE INTO opening (one, instance_id, session_id, purpose, brings) VALUES (1, ?, ?, ?, ?)",
            instance,
            session,
            purpose,
            brings
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The claim that was asked for was refused.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refused(&self) -> Result<(), StoreError> {
        sqlx::query!("DELETE FROM opening").execute(&self.pool).await?;
        Ok(())
    }

    /// The last number given to an action.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_seq(&self) -> Result<u64, StoreError> {
        let last = sqlx::query_scalar!("SELECT last FROM sequence").fetch_one(&self.pool).await?;
        count("number", last)
    }

    /// The server has seen numbers up to this one from this kiosk: later ones are above it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn seen(&self, last_seq: u64) -> Result<(), StoreError> {
        let last = column(last_seq);
        sqlx::query!("UPDATE sequence SET last = MAX(last, ?)", last).execute(&self.pool).await?;
        Ok(())
    }
}

/// Writes a claim; none is asked for any more.
pub(super) async fn put(connection: &mut SqliteConnection, claim: &Claim) -> Result<(), StoreError> {
    let (session, instance) = (claim.session.id.to_string(), claim.instance.to_string());
    let (epoch, body) = (i64::from(claim.epoch), text("session", &claim.session)?);
    let (event, ending) = (written(claim)?, i64::from(claim.ending));
    sqlx::query!(
        "INSERT OR REPLACE INTO claim (one, session_id, instance_id, epoch, session, status_event, ending)
         VALUES (1, ?, ?, ?, ?, ?, ?)",
        session,
        instance,
        epoch,
        body,
        event,
        ending
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("DELETE FROM opening").execute(&mut *connection).await?;
    Ok(())
}

/// The open status event for its column.
fn written(claim: &Claim) -> Result<Option<String>, StoreError> {
    claim.status_event.as_ref().map(|event| text("status event", event)).transpose()
}
