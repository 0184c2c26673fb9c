//! [`Quarantine`] on SQLite: what waits, to read. What puts an entry there, and what a decision does, stands in
//! [`crate::act`].

use super::newest_first;
use crate::Sqlite;
use crate::encoding::{count, from_json, from_word, maybe_moment, moment};
use crate::error::Context;
use async_trait::async_trait;
use millrace_domain::storage::{Actor, Asked, Listed, Quarantine, QuarantineFilter, Result, Verdict};
use millrace_protocol::floor::{Decided, QuarantineEntry};
use millrace_protocol::{KioskId, QuarantineId, SessionId};
use uuid::Uuid;

/// A row of `quarantine`.
pub(crate) struct QuarantineRow {
    pub(crate) id: Uuid,
    pub(crate) kiosk_id: Uuid,
    pub(crate) seq: i64,
    pub(crate) session_id: Uuid,
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) problem: Option<String>,
    pub(crate) reason: String,
    pub(crate) occurred_at: i64,
    pub(crate) at: i64,
    pub(crate) worker_name: Option<String>,
    pub(crate) station_name: Option<String>,
    pub(crate) decision: Option<String>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) decided_by: Option<String>,
    pub(crate) undoes_id: Option<Uuid>,
}

impl QuarantineRow {
    pub(crate) fn entry(self) -> Result<QuarantineEntry> {
        Ok(QuarantineEntry {
            id: QuarantineId(self.id),
            kiosk_id: KioskId(self.kiosk_id),
            seq: count(self.seq)?,
            session_id: SessionId(self.session_id),
            path: self.path,
            body: from_json(&self.body)?,
            problem: self.problem.as_deref().map(from_json).transpose()?,
            reason: self.reason,
            occurred_at: moment(self.occurred_at),
            at: moment(self.at),
            worker_name: self.worker_name,
            station_name: self.station_name,
            decision: self.decision.map(from_word).transpose()?,
            decided_at: maybe_moment(self.decided_at),
            decided_by: self.decided_by,
            undoes_id: self.undoes_id.map(QuarantineId),
        })
    }
}

#[async_trait]
impl Quarantine for Sqlite {
    async fn quarantined(&self, asked: Asked, filter: QuarantineFilter) -> Result<Listed<QuarantineEntry>> {
        let ((before, id), limit) = (newest_first(&asked, None)?, asked.rows());
        let session = filter.session.map(|session| session.0);
        let rows = if filter.decided {
            sqlx::query_file_as!(QuarantineRow, "queries/quarantine_decided.sql", before, id, session, limit)
                .fetch_all(&self.readers)
                .await
        } else {
            sqlx::query_file_as!(QuarantineRow, "queries/quarantine.sql", before, id, session, limit)
                .fetch_all(&self.readers)
                .await
        };
        let entries = rows.during("reading quarantine")?;
        let entries = entries.into_iter().map(QuarantineRow::entry).collect::<Result<_>>()?;
        Ok(Listed::cut(entries, &asked, |entry: &QuarantineEntry| (entry.at.millis().to_string(), entry.id.0)))
    }

    async fn decide_entries(&self, by: Actor, verdict: Verdict) -> Result<Decided> {
        let (chance, policy) = (self.chance.clone(), self.policy.clone());
        self.write(move |tx| Box::pin(async move { tx.decide_entries(&by, &verdict, &*chance, &policy).await })).await
    }

    async fn preview_decision(&self, by: Actor, verdict: Verdict) -> Result<Decided> {
        let (chance, policy) = (self.chance.clone(), self.policy.clone());
        let run = self.write(move |tx| {
            Box::pin(async move {
                let rehearsal = tx.rehearse().await?;
                let decided = tx.decide_entries(&by, &verdict, &*chance, &policy).await;
                tx.forget(rehearsal).await?;
                decided
            })
        });
        run.await
    }
}
