//! The watch over contacts, in one transaction of the one writer: no heartbeat comes between a look and what follows.

use crate::calendars;
use crate::encoding::{count, maybe_moment, moment, number};
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::Policy;
use millrace_domain::session::forgotten::{self, Attendance};
use millrace_domain::session::watch::{listening_since, untouched, watch};
use millrace_domain::session::{Effect, Live};
use millrace_domain::storage::Result;
use millrace_protocol::session::{SessionStatus, SweepAnswer};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{SessionId, StationId};

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

        // The wall clock was set back: nobody was heard in what is still to come.
        sqlx::query_file!("queries/leases_in_future.sql", now)
            .execute(&mut self.conn)
            .await
            .during("putting contacts right")?;
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
                let policy = policy.beating_after(lease.next_ms.map(count).transpose()?);
                if self.watch_one(&live, moment(lease.last_seen_at), since, &policy).await? {
                    closed_ids.push(id);
                }
            }
        }
        self.escalate(policy).await?;
        self.end_lapsed_sign_ins(policy).await?;
        // Shifts end on minutes: to look once in each is enough.
        let minute = |at: Timestamp| at.millis().div_euclid(60_000);
        if maybe_moment(stored.last_watch_at).is_none_or(|last| minute(last) != minute(self.now)) {
            closed_ids.extend(self.watch_forgotten(since).await?);
            self.flag_untouched(policy).await?;
        }
        Ok(SweepAnswer { checked: count(checked)?, closed: number(closed_ids.len())?.unsigned_abs(), closed_ids })
    }

    /// Asks at kiosks that nobody has touched long past the shift's end, and closes where nobody answers. Those closed.
    async fn watch_forgotten(&mut self, since: Timestamp) -> Result<Vec<SessionId>> {
        let untouched_since = self.now.millis() - forgotten::UNTOUCHED_MS;
        let rows = sqlx::query_file!("queries/leases_untouched.sql", untouched_since)
            .fetch_all(&mut self.conn)
            .await
            .during("reading untouched leases")?;
        let mut closed = Vec::new();
        for row in rows {
            let calendar = calendars::of_station(&mut self.conn, StationId(row.station_id)).await?;
            let id = SessionId(row.session_id);
            let Some(session) = self.session(id).await? else { continue };
            let over = forgotten::shift_end(session.started_at, calendar.as_ref());
            if session.asked_at.is_none() && self.now.millis_since(over) < forgotten::GRACE_MS {
                continue;
            }
            let live = self.live(session, count(row.epoch)?).await?;
            let attendance = Attendance {
                attended: row.attended,
                calendar: calendar.as_ref(),
                touched: moment(row.touched_at),
                listening_since: since,
            };
            let Some(effects) = forgotten::watch(&live, attendance, self.now) else { continue };
            let ends = effects.iter().any(|effect| matches!(effect, Effect::Release { .. }));
            self.apply(effects).await?;
            closed.extend(ends.then_some(id));
        }
        Ok(closed)
    }

    /// Flags open sessions that nobody has touched for long.
    async fn flag_untouched(&mut self, policy: &Policy) -> Result<()> {
        let (now, limit) = (self.now.millis(), number(policy.untouched_ms)?);
        let rows = sqlx::query_file!("queries/leases_unattended.sql", now, limit)
            .fetch_all(&mut self.conn)
            .await
            .during("reading leases that nobody touched")?;
        for row in rows {
            let Some(session) = self.session(SessionId(row.session_id)).await? else { continue };
            let flagged = untouched(&session, moment(row.touched_at), self.now, count(row.limit_ms)?);
            self.apply(flagged.unwrap_or_default()).await?;
        }
        Ok(())
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
