//! What workers tapped, in order, until the server has answered.

use super::kind::Kind;
use super::{Claim, Store, StoreError, claim, column, count, json, parsed, text};
use millrace_protocol::session::Session;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{InstanceId, Problem, SessionId, WorkerId};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

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
    /// Since when the program that took it had been running without a break.
    pub running: Option<Moment>,
    /// What it takes back.
    pub undoes: Option<Undone>,
    /// The session that begins with it.
    pub opens: Option<SessionId>,
    /// Whose it is.
    pub by: Option<By>,
}

/// A moment on this device's clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// By the wall clock.
    pub wall_at: Timestamp,
    /// How long after the boot, in milliseconds.
    pub boot_ms: Option<i64>,
}

/// Whose an entry is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The worker.
    pub id: WorkerId,
    /// His code.
    pub code: String,
    /// His name.
    pub name: String,
}

/// What an entry takes back.
#[derive(Debug, Clone, PartialEq)]
pub struct Undone {
    /// The entry, by the order of the taps: its number may yet change.
    pub entry: i64,
    /// The session as it was shown before it.
    pub before: Box<Session>,
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
    /// What stands against it: it is to be parked.
    pub problem: Option<Box<Problem>>,
    /// It had an answer that the server forgot.
    pub again: bool,
    /// The number of what it takes back.
    pub undoes_seq: Option<u64>,
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
    /// It could not be applied, and lies with the supervisor as it is.
    Parked,
}

impl Settled {
    pub(super) const ALL: [Self; 5] = [Self::Applied, Self::Late, Self::Quarantined, Self::Refused, Self::Parked];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Late => "late",
            Self::Quarantined => "quarantined",
            Self::Refused => "refused",
            Self::Parked => "parked",
        }
    }
}

impl Store {
    /// Puts a tap on the disk and gives it the next number. One that ends the session marks the claim as ending.
    ///
    /// # Errors
    /// When the database fails: then nothing was saved.
    pub async fn append(&self, draft: Draft) -> Result<Entry, StoreError> {
        let mut tx = self.pool.begin().await?;
        let entry = insert(&mut tx, draft).await?;
        tx.commit().await?;
        Ok(entry)
    }

    /// The same for an entry that a session begins with: it is owned by this claim from now on, or neither is so.
    ///
    /// # Errors
    /// When the database fails: then nothing was saved.
    pub async fn begin(&self, draft: Draft, begun: &Claim) -> Result<Entry, StoreError> {
        let mut tx = self.pool.begin().await?;
        let entry = insert(&mut tx, draft).await?;
        claim::put(&mut tx, begun).await?;
        tx.commit().await?;
        Ok(entry)
    }

    /// A session has begun with the server. How that is said to one that forgot it is kept as an entry that has ended: its
    /// number is used for nothing else, and sent only then.
    ///
    /// # Errors
    /// When the database fails: then nothing was saved.
    pub async fn begun(&self, draft: Draft, begun: &Claim, at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        let (entry, at) = (insert(&mut tx, draft).await?, at.millis());
        sqlx::query!("UPDATE outbox SET state = 'applied', ended_at = ? WHERE id = ?", at, entry.id)
            .execute(&mut *tx)
            .await?;
        claim::put(&mut tx, begun).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What waits, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting(&self) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query!(
            r#"SELECT id, seq, kind, path, request, session_id, instance_id, epoch, wall_at, boot_id, boot_ms, body,
                 problem, again, undoes, before, running_wall_at, running_boot_ms, opens, worker,
                 (SELECT undone.seq FROM outbox undone WHERE undone.id = outbox.undoes) AS "undoes_seq: i64"
             FROM outbox WHERE state = 'saved' AND broken = 0 ORDER BY id"#
        )
        .fetch_all(&self.pool)
        .await?;
        let mut waiting = vec![];
        for row in rows {
            let (id, seq) = (row.id, row.seq);
            let read = || -> Result<Entry, StoreError> {
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
                        running: row
                            .running_wall_at
                            .map(|at| Moment { wall_at: Timestamp::from_millis(at), boot_ms: row.running_boot_ms }),
                        opens: row.opens.map(|session| parsed("session", &session)).transpose()?,
                        by: row.worker.map(|by| json("worker", &by)).transpose()?,
                        undoes: match (row.undoes, row.before) {
                            (Some(entry), Some(before)) => Some(Undone { entry, before: json("session", &before)? }),
                            _ => None,
                        },
                    },
                    body: row.body,
                    problem: row.problem.map(|problem| json("problem", &problem)).transpose()?,
                    again: row.again != 0,
                    undoes_seq: row.undoes_seq.map(|seq| count("number", seq)).transpose()?,
                })
            };
            match read() {
                Ok(entry) => waiting.push(entry),
                Err(error) => {
                    tracing::error!(%error, action.seq = seq, "an entry that can't be read is set aside");
                    self.set_aside(id).await?;
                }
            }
        }
        Ok(waiting)
    }

    /// The entry can't be read. It stays for whoever repairs it, and holds up nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_aside(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query!("UPDATE outbox SET broken = 1 WHERE id = ?", id).execute(&self.pool).await?;
        Ok(())
    }

    /// Keeps the bytes of the first sending, before they are sent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn freeze(&self, id: i64, body: &str) -> Result<(), StoreError> {
        sqlx::query!("UPDATE outbox SET body = ? WHERE id = ? AND body IS NULL", body, id).execute(&self.pool).await?;
        Ok(())
    }

    /// From now on the entry is to be parked: this stands against it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn park(&self, id: i64, problem: &Problem) -> Result<(), StoreError> {
        let problem = text("problem", problem)?;
        sqlx::query!("UPDATE outbox SET problem = ? WHERE id = ?", problem, id).execute(&self.pool).await?;
        Ok(())
    }

    /// The highest number that the server took; 0 for none. What was never sent it has not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn taken(&self) -> Result<u64, StoreError> {
        let highest = sqlx::query_scalar!(
            r#"SELECT COALESCE(MAX(seq), 0) AS "highest!: i64" FROM outbox
               WHERE state IN ('applied', 'late', 'quarantined', 'parked') AND body IS NOT NULL"#
        )
        .fetch_one(&self.pool)
        .await?;
        count("number", highest)
    }

    /// The server has forgotten what lies above this number: it is to be sent again, as the same bytes, with the openings
    /// that it had been asked for. How many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn send_again(&self, last_seq: u64) -> Result<u64, StoreError> {
        let last = column(last_seq);
        let again = sqlx::query!(
            "UPDATE outbox SET state = 'saved', again = 1, answer = NULL, ended_at = NULL, unsaid = 0
             WHERE seq > ? AND state IN ('applied', 'late', 'quarantined', 'parked')",
            last
        )
        .execute(&self.pool)
        .await?;
        Ok(again.rows_affected())
    }

    /// Ends an entry with what the server said.
    ///
    /// # Errors
    /// When the database fails; the entry then still waits, and is sent again with the same bytes.
    pub async fn settle(&self, id: i64, how: Settled, answer: &str, at: Timestamp) -> Result<(), StoreError> {
        let (state, at) = (how.name(), at.millis());
        // What brings a session back is nobody's tap: what became of it is what became of the session.
        sqlx::query!(
            "UPDATE outbox SET state = ?1, answer = ?2, ended_at = ?3, unsaid = ?1 <> 'applied' AND kind <> 'reopen'
             WHERE id = ?4",
            state,
            answer,
            at,
            id
        )
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
        let ids = sqlx::query_scalar!("SELECT id FROM outbox WHERE state = 'saved' AND broken = 0 ORDER BY id")
            .fetch_all(&mut *tx)
            .await?;
        let first = sqlx::query_scalar!("SELECT MIN(seq) FROM outbox WHERE state = 'saved' AND broken = 0")
            .fetch_one(&mut *tx)
            .await?;
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

    /// Forgets entries that ended before this time, but for those whose outcome nobody has seen. How many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prune(&self, before: Timestamp) -> Result<u64, StoreError> {
        let before = before.millis();
        let gone = sqlx::query!("DELETE FROM outbox WHERE state <> 'saved' AND unsaid = 0 AND ended_at < ?", before)
            .execute(&self.pool)
            .await?;
        Ok(gone.rows_affected())
    }
}

/// Writes an entry, and what it means for the claim.
async fn insert(connection: &mut SqliteConnection, draft: Draft) -> Result<Entry, StoreError> {
    let (kind, wall_at, epoch) = (draft.kind.to_string(), draft.wall_at.millis(), i64::from(draft.epoch));
    let (session, instance) = (draft.session.to_string(), draft.instance.to_string());
    let undoes = draft.undoes.as_ref().map(|undone| undone.entry);
    let before = draft.undoes.as_ref().map(|undone| text("session", &undone.before)).transpose()?;
    let running_wall_at = draft.running.map(|running| running.wall_at.millis());
    let running_boot_ms = draft.running.and_then(|running| running.boot_ms);
    let opens = draft.opens.map(|session| session.to_string());
    let by = draft.by.as_ref().map(|by| text("worker", by)).transpose()?;
    let seq =
        sqlx::query_scalar!("UPDATE sequence SET last = last + 1 RETURNING last").fetch_one(&mut *connection).await?;
    let undoes_seq = match undoes {
        Some(id) => {
            sqlx::query_scalar!("SELECT seq FROM outbox WHERE id = ?", id).fetch_optional(&mut *connection).await?
        }
        None => None,
    };
    let made = sqlx::query!(
        "INSERT INTO outbox (seq, kind, path, request, session_id, instance_id, epoch, wall_at, boot_id, boot_ms,
             undoes, before, running_wall_at, running_boot_ms, opens, worker)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        seq,
        kind,
        draft.path,
        draft.request,
        session,
        instance,
        epoch,
        wall_at,
        draft.boot_id,
        draft.boot_ms,
        undoes,
        before,
        running_wall_at,
        running_boot_ms,
        opens,
        by
    )
    .execute(&mut *connection)
    .await?;
    if draft.kind.ends() {
        sqlx::query!("UPDATE claim SET ending = 1 WHERE session_id = ?", session).execute(&mut *connection).await?;
    }
    Ok(Entry {
        id: made.last_insert_rowid(),
        seq: count("number", seq)?,
        draft,
        body: None,
        problem: None,
        again: false,
        undoes_seq: undoes_seq.map(|seq| count("number", seq)).transpose()?,
    })
}
