//! What became of entries, until somebody has seen it.

use super::{By, Kind, Settled, Store, StoreError, column, count};
use crate::outbox::notice;
use crate::view::{ActionState, Notice, Unsaid};
use millrace_protocol::Problem;
use millrace_protocol::time::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

impl Store {
    /// What nobody has seen yet, the oldest first. A row that can be read in part is told in part.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unsaid(&self) -> Result<Vec<Unsaid>, StoreError> {
        let rows = sqlx::query!(
            "SELECT seq, kind, body, wall_at, state, broken, problem, answer, worker FROM outbox
             WHERE unsaid = 1 OR broken = 1 ORDER BY id LIMIT 200"
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let how = Settled::ALL.into_iter().find(|how| how.name() == row.state);
                Ok(Unsaid {
                    seq: count("number", row.seq)?,
                    kind: row.kind.parse::<Kind>().ok(),
                    state: how.filter(|_| row.broken == 0).map_or(ActionState::Broken, ActionState::from),
                    problem: problem(row.problem.as_deref()).or_else(|| problem(row.answer.as_deref())),
                    at: sent(row.body.as_deref()).unwrap_or(Timestamp::from_millis(row.wall_at)),
                    worker: maybe::<By>(row.worker.as_deref()).map(|by| by.name),
                })
            })
            .collect()
    }

    /// Somebody has seen what became of these.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn said(&self, seqs: &[u64]) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        for seq in seqs {
            let seq = column(*seq);
            // What can't be read is no entry any more, but it is not thrown away.
            sqlx::query!("UPDATE outbox SET unsaid = 0, broken = MIN(broken * 2, 2) WHERE seq = ?", seq)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

fn maybe<T: DeserializeOwned>(text: Option<&str>) -> Option<T> {
    serde_json::from_str(text?).ok()
}

/// The problem in a column, where there is one: an answer is none.
fn problem(text: Option<&str>) -> Option<Notice> {
    maybe::<Problem>(text).as_ref().map(notice)
}

/// The time of the tap as it was sent.
fn sent(body: Option<&str>) -> Option<Timestamp> {
    let body: Value = maybe(body)?;
    serde_json::from_value(body.get("action")?.get("occurredAt")?.clone()).ok()
}
