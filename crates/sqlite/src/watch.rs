//! The watch over contacts, in one transaction of the one writer: no heartbeat comes between a look and what follows.

use crate::encoding::{count, maybe_moment, moment, number};
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::Policy;
use millrace_domain::session::Live;
use millrace_domain::session::watch::{listening_since, watch};
use millrace_domain::storage::Result;
use millrace_protocol::SessionId;
use millrace_protocol::session::{SessionStatus, SweepAnswer};
use millrace_protocol::time::Timestamp;

impl Tx {
    /// Marks contacts that faded, closes sessions without contact for too long, and raises what nobody has looked at.
    pub(crate) async fn sweep(&mut self, wall_ran_ahead: i64, policy: &Policy) -> Result<SweepAnswer> {
        let stored = sqlx::query_file!("queries/installation.sql")
            .fetch_one(&mut self.conn)
            .await
            .during("reading the last watch")?;
        let since = listening_since(
            moment(stored.listening_since),
            maybe_moment(stored.last_watch_at),
            wall_ran_ahead,
            self.now,
        );
        let (since_at, now) = (since.millis(), self.now.millis());
        sqlx::query_file!("queries/installation_watched.sql", since_at, now)
            .execute(&mut self.conn)
            .await
            .during("keeping the time of the watch")?;

        let checked = sqlx::query_file_scalar!("queries/leases_count.sql")
            .fetch_one(&mut self.conn)
            .await
            .during("counting leases")?;
        let silent_since = now.saturating_sub(number(policy.stale_ms)?);
        let silent = sqlx::query_file!("queries/leases_silent.sql", silent_since)
            .fetch_all(&mut self.conn)
            .await
            .during("reading silent leases")?;
        let mut closed_ids = Vec::new();
        for lease in silent {
            let id = SessionId(lease.session_id);
            if let Some(session) = self.session(id).await? {
                let live = self.live(session, count(lease.epoch)?).await?;
                if self.watch_one(&live, moment(lease.last_seen_at), since, policy).await? {
                    closed_ids.push(id);
                }
            }
        }
        self.escalate(policy).await?;
        Ok(SweepAnswer { checked: count(checked)?, closed: number(closed_ids.len())?.unsigned_abs(), closed_ids })
    }

    /// Does about one session what the rule says. Whether it was closed.
    async fn watch_one(
        &mut self,
        live: &Live,
        last_seen: Timestamp,
        since: Timestamp,
        policy: &Policy,
    ) -> Result<bool> {
        let Some(effects) = watch(live, last_seen, since, self.now, policy) else { return Ok(false) };
        self.apply(effects).await?;
        let after = self.session(live.session.id).await?;
        Ok(after.is_some_and(|session| session.status != SessionStatus::Active))
    }
}
