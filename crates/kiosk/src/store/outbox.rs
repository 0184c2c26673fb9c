//! What workers tapped, in order, until the server has answered.

use super::{Store, StoreError, column, count, parsed};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, SessionId};

/// What kind of tap an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A change of status.
    Status,
    /// A reason given afterwards.
    Reason,
    /// Pieces counted.
    Count,
    /// A report with no change of status.
    Report,
    /// Another item in work.
    Bind,
    /// No item in work.
    Unbind,
    /// The approval of a first product, asked for.
    Approval,
    /// A call to the supervisor.
    Call,
    /// A call taken back.
    CancelCall,
    /// Somebody is still there.
    Here,
    /// The end of the session.
    Complete,
    /// Giving the session up.
    Abandon,
}

impl Kind {
    const ALL: [Self; 12] = [
        Self::Status,
        Self::Reason,
        Self::Count,
        Self::Report,
        Self::Bind,
        Self::Unbind,
        Self::Approval,
        Self::Call,
        Self::CancelCall,
        Self::Here,
        Self::Complete,
        Self::Abandon,
    ];

    /// Whether the open status event is another one with it.
    #[must_use]
    pub fn begins_event(self) -> bool {
        matches!(self, Self::Status | Self::Bind | Self::Unbind)
    }

    /// Whether the session is over with it.
    #[must_use]
    pub fn ends(self) -> bool {
        matches!(self, Self::Complete | Self::Abandon)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Status => "status",
            Self::Reason => "reason",
            Self::Count => "count",
            Self::Report => "report",
            Self::Bind => "bind",
            Self::Unbind => "unbind",
            Self::Approval => "approval",
            Self::Call => "call",
            Self::CancelCall => "cancel call",
            Self::Here => "here",
            Self::Complete => "complete",
            Self::Abandon => "abandon",
        })
    }
}

/// Not a kind of entry that this version knows.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no kind of entry")]
pub struct NotAKind(String);

impl std::str::FromStr for Kind {
    type Err = NotAKind;
    fn from_str(text: &str) -> Result<Self, NotAKind> {
        Self::ALL.into_iter().find(|kind| kind.to_string() == text).ok_or_else(|| NotAKind(text.to_owned()))
    }
}

/// A tap before it has a number.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What kind.
    pub kind: Kind,
    /// Where it is sent.
    pub path: String,
    /// What is sent, without its stamp: a JSON object.
    pub request: String,
    /// The session it is for.
    pub session: SessionId,
    /// The claim's instance.
    pub instance: InstanceId,
    /// The claim's epoch.
    pub epoch: u32,
    /// When it was tapped, on this device's wall clock.
    pub wall_at: Timestamp,
    /// In which boot.
    pub boot_id: Option<String>,
    /// How long after the boot, in milliseconds.
    pub boot_ms: Option<i64>,
}

/// A tap that waits to be answered.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The order of the taps.
    pub id: i64,
    /// Its number.
    pub seq: u64,
    /// What was tapped.
    pub draft: Draft,
    /// The exact bytes of its first sending.
    pub body: Option<String>,
}

/// How an entry ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Live on the server.
    Applied,
    /// In history, not live.
    Late,
    /// Waiting for a supervisor.
    Quarantined,
    /// Against a rule.
    Refused,
}

impl Settled {
    fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Late => "late",
            Self::Quarantined => "quarantined",
            Self::Refused => "refused",
        }
    }
}

impl Store {
    /// Puts a tap on the disk and gives it the next number. One that ends the session marks the claim as ending.
    ///
    /// # Errors
    /// When the database fails: then nothing was saved.
    pub async fn append(&self, draft: Draft) -> Result<Entry, StoreError> {
        let (kind, wall_at, epoch) = (draft.kind.to_string(), draft.wall_at.millis(), i64::from(draft.epoch));
        let (session, instance) = (draft.session.to_string(), draft.instance.to_string());
        let mut tx = self.pool.begin().await?;
        let seq = sqlx::query_scalar!("UPDATE sequence SET last = last + 1 RETURNING last").fetch_one(&mut *tx).await?;
        let made = sqlx::query!(
            "INSERT INTO outbox (seq, kind, path, request, session_id, instance_id, epoch, wall_at, boot_id, boot_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            seq,
            kind,
            draft.path,
            draft.request,
            session,
            instance,
            epoch,
            wall_at,
            draft.boot_id,
            draft.boot_ms
        )
        .execute(&mut *tx)
        .await?;
        if draft.kind.ends() {
            sqlx::query!("UPDATE claim SET ending = 1 WHERE session_id = ?", session).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(Entry { id: made.last_insert_rowid(), seq: count("number", seq)?, draft, body: None })
    }

    /// What waits, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting(&self) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query!(
            "SELECT id, seq, kind, path, request, session_id, instance_id, epoch, wall_at, boot_id, boot_ms, body
             FROM outbox WHERE state = 'saved' ORDER BY id"
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Entry {
                    id: row.id,
                    seq: count("number", row.seq)?,
                    draft: Draft {
                        kind: parsed("kind", &row.kind)?,
                        path: row.path,
                        request: row.request,
                        session: parsed("session", &row.session_id)?,
                        instance: parsed("instance", &row.instance_id)?,
                        epoch: count("epoch", row.epoch)?,
                        wall_at: Timestamp::from_millis(row.wall_at),
                        boot_id: row.boot_id,
                        boot_ms: row.boot_ms,
                    },
                    body: row.body,
                })
            })
            .collect()
    }

    /// Keeps the bytes of the first sending, before they are sent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn freeze(&self, id: i64, body: &str) -> Result<(), StoreError> {
        sqlx::query!("UPDATE outbox SET body = ? WHERE id = ? AND body IS NULL", body, id).execute(&self.pool).await?;
        Ok(())
    }

    /// Ends an entry with what the server said.
    ///
    /// # Errors
    /// When the database fails; the entry then still waits, and is sent again with the same bytes.
    pub async fn settle(&self, id: i64, how: Settled, answer: &str, at: Timestamp) -> Result<(), StoreError> {
        let (state, at) = (how.name(), at.millis());
        sqlx::query!("UPDATE outbox SET state = ?, answer = ?, ended_at = ? WHERE id = ?", state, answer, at, id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Gives everything that waits new numbers above the server's, in the same order, and thaws it:
    /// the number is part of the bytes. Where they are above already nothing happens.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renumber(&self, last_seq: u64) -> Result<(), StoreError> {
        let last = column(last_seq);
        let mut tx = self.pool.begin().await?;
        let ids =
            sqlx::query_scalar!("SELECT id FROM outbox WHERE state = 'saved' ORDER BY id").fetch_all(&mut *tx).await?;
        let first =
            sqlx::query_scalar!("SELECT MIN(seq) FROM outbox WHERE state = 'saved'").fetch_one(&mut *tx).await?;
        if first.is_some_and(|first| first <= last) {
            // Above the highest number ever given, so that no two entries have one in between.
            let highest = sqlx::query_scalar!("SELECT last FROM sequence").fetch_one(&mut *tx).await?.max(last);
            let mut next = highest;
            for id in ids {
                next += 1;
                sqlx::query!("UPDATE outbox SET seq = ?, body = NULL WHERE id = ?", next, id).execute(&mut *tx).await?;
            }
            sqlx::query!("UPDATE sequence SET last = ?", next).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Forgets entries that ended before this time. How many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        let before = before.millis();
        let gone = sqlx::query!("DELETE FROM outbox WHERE state <> 'saved' AND ended_at < ?", before)
            .execute(&self.pool)
            .await?;
        Ok(gone.rows_affected())
    }
}
