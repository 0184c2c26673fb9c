//! Writes what a rule decided: each effect a row, each row its change record.

use crate::encoding::{json, millis, number, word};
use crate::error::Context;
use crate::rows::{ClaimantRow, SessionRow, StatusEventRow};
use crate::writer::Tx;
use millrace_domain::change::{Claimant, Closer, Row};
use millrace_domain::session::{Claimer, Effect, Effects, Live};
use millrace_domain::storage::{Result, StorageError};
use millrace_protocol::session::Session;
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{KioskId, SessionId};
use sqlx::SqliteConnection;

/// The kiosk whose lease a session is under; none where it has ended.
pub(crate) async fn holder(conn: &mut SqliteConnection, session: SessionId) -> Result<Option<KioskId>> {
    let kiosk = sqlx::query_file_scalar!("queries/lease_kiosk.sql", session.0)
        .fetch_optional(conn)
        .await
        .during("reading a lease")?;
    Ok(kiosk.map(KioskId))
}

impl Tx {
    /// Writes effects in their order.
    pub(crate) async fn apply(&mut self, effects: Effects) -> Result<()> {
        self.apply_by(effects, None).await
    }

    /// Writes effects; what they close is told as closed by him.
    pub(crate) async fn apply_by(&mut self, effects: Effects, closer: Option<Closer>) -> Result<()> {
        for effect in effects {
            match effect {
                Effect::Session { old, new } => {
                    match &old {
                        None => self.insert_session(&new).await?,
                        Some(old) => self.update_session(old.version, &new).await?,
                    }
                    let owner = self.claimant(new.id).await?.map(|claimant| claimant.kiosk);
                    let closer = closer.clone().map(Box::new);
                    self.record(Row::Sessions { old, new, owner, closer }).await?;
                }
                Effect::StatusEvent { old, new } => {
                    match &old {
                        None => self.insert_status_event(&new).await?,
                        Some(old) => self.update_status_event(old.version, &new).await?,
                    }
                    let owner = self.owns_now(new.session_id).await?;
                    self.record(Row::StatusEvents { old, new, owner }).await?;
                }
                Effect::Claim { session, claimer, epoch, from } => self.claim(session, claimer, epoch, from).await?,
                Effect::Count(entry) => self.count(&entry).await?,
                Effect::Report { old, new, kiosk } => self.write_report(old, new, kiosk).await?,
                Effect::Approval { old, new } => self.write_approval(old, new).await?,
                Effect::Call { old, new } => self.write_call(old, new).await?,
                Effect::Freeze { item, at } => self.freeze(item, at).await?,
                Effect::SetupBegan { station, at } => self.end_approvals(station, at).await?,
                Effect::SetupUndone { station, at } => self.resume_approvals(station, at).await?,
                Effect::Regain { session } => self.regain(session).await?,
                Effect::Resume { session, ended } => self.resume_requests(session, ended).await?,
                Effect::Release { session, at } => {
                    sqlx::query_file!("queries/claim_left.sql", session.0)
                        .execute(&mut self.conn)
                        .await
                        .during("keeping when a hand was there")?;
                    sqlx::query_file!("queries/lease_release.sql", session.0)
                        .execute(&mut self.conn)
                        .await
                        .during("releasing a lease")?;
                    self.withdraw_requests(session, at).await?;
                }
            }
        }
        Ok(())
    }

    /// A session by id.
    pub(crate) async fn session(&mut self, id: SessionId) -> Result<Option<Session>> {
        sqlx::query_file_as!(SessionRow, "queries/session.sql", id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a session")?
            .map(SessionRow::session)
            .transpose()
    }

    /// An open session with its open event and its epoch.
    pub(crate) async fn live(&mut self, session: Session, epoch: u32) -> Result<Live> {
        let event = sqlx::query_file_as!(StatusEventRow, "queries/status_event_open.sql", session.id.0)
            .fetch_one(&mut self.conn)
            .await
            .during("reading the open status event")?
            .event()?;
        Ok(Live { session, event, epoch })
    }

    /// Who owns a session, or owned it last.
    pub(crate) async fn claimant(&mut self, session: SessionId) -> Result<Option<Claimant>> {
        sqlx::query_file_as!(ClaimantRow, "queries/claimant.sql", session.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a claim")?
            .map(|row| row.claimant(session))
            .transpose()
    }

    /// The kiosk that owns a session; none where it has ended.
    pub(crate) async fn owns_now(&mut self, session: SessionId) -> Result<Option<KioskId>> {
        holder(&mut self.conn, session).await
    }

    async fn claim(&mut self, session: SessionId, claimer: Claimer, epoch: u32, from: Timestamp) -> Result<()> {
        let old = self.claimant(session).await?;
        let (kiosk, instance, epoch, at) = (claimer.kiosk.0, claimer.instance.0, i64::from(epoch), from.millis());
        let now = self.now.millis();
        sqlx::query_file!("queries/claim_end.sql", session.0, at)
            .execute(&mut self.conn)
            .await
            .during("ending a claim")?;
        sqlx::query_file!("queries/claim_insert.sql", session.0, epoch, instance, kiosk, at)
            .execute(&mut self.conn)
            .await
            .during("making a claim")?;
        sqlx::query_file!("queries/lease_claim.sql", session.0, kiosk, instance, epoch, now)
            .execute(&mut self.conn)
            .await
            .during("making a lease")?;
        let new = self.claimant(session).await?.ok_or_else(|| StorageError::Defect {
            context: "making a claim",
            reason: "the claim just made is not there".into(),
        })?;
        self.record(Row::Claims { old, new }).await
    }

    async fn regain(&mut self, session: SessionId) -> Result<()> {
        let made = sqlx::query_file!("queries/lease_regain.sql", session.0, self.now.millis())
            .execute(&mut self.conn)
            .await
            .during("making a lease anew")?;
        exactly_one(made.rows_affected(), "making a lease anew")
    }

    /// A hand was there.
    pub(crate) async fn touched(&mut self, session: SessionId, at: Timestamp) -> Result<()> {
        sqlx::query_file!("queries/lease_acted.sql", session.0, at.millis())
            .execute(&mut self.conn)
            .await
            .during("keeping an action's time")
            .map(drop)
    }

    async fn insert_session(&mut self, s: &Session) -> Result<()> {
        let (status, contact) = (word(s.status)?, word(s.contact)?);
        let reason = s.close_reason.map(word).transpose()?;
        let current_id = s.current_status_id.map(|id| id.0);
        let current = s.current_status.as_ref().map(json).transpose()?;
        let (changed, started, ended) = (s.last_status_change_at.millis(), s.started_at.millis(), millis(s.ended_at));
        let (heard, asked, missing) = (millis(s.last_contact_at), millis(s.asked_at), millis(s.reason_missing_from));
        let (job, item, step) = (s.job_id.map(|id| id.0), s.job_item_id.map(|id| id.0), s.step_id.map(|id| id.0));
        let (recovered, untouched) = (millis(s.recovered_at), millis(s.untouched_since));
        let (good, scrap) = (number(s.totals.good)?, number(s.totals.scrap)?);
        let (malfunctions, version) = (i64::from(s.malfunction_count), i64::from(s.version));
        sqlx::query_file!(
            "queries/session_insert.sql",
            s.id.0,
            s.worker_id.0,
            s.worker_code,
            s.worker_name,
            s.station_id.0,
            s.station_code,
            s.station_name,
            s.area_name,
            status,
            reason,
            s.provisional,
            current_id,
            current,
            changed,
            started,
            ended,
            contact,
            heard,
            good,
            scrap,
            malfunctions,
            version,
            job,
            s.job_number,
            item,
            s.job_item_name,
            step,
            s.outside_assignment,
            s.count_missing,
            asked,
            missing,
            s.started_offline,
            recovered,
            untouched,
        )
        .execute(&mut self.conn)
        .await
        .during("making a session")
        .map(drop)
    }

    async fn update_session(&mut self, from_version: u32, s: &Session) -> Result<()> {
        let (status, contact) = (word(s.status)?, word(s.contact)?);
        let reason = s.close_reason.map(word).transpose()?;
        let current_id = s.current_status_id.map(|id| id.0);
        let current = s.current_status.as_ref().map(json).transpose()?;
        let (changed, started, ended) = (s.last_status_change_at.millis(), s.started_at.millis(), millis(s.ended_at));
        let (heard, asked, missing) = (millis(s.last_contact_at), millis(s.asked_at), millis(s.reason_missing_from));
        let (job, item, step) = (s.job_id.map(|id| id.0), s.job_item_id.map(|id| id.0), s.step_id.map(|id| id.0));
        let (recovered, untouched) = (millis(s.recovered_at), millis(s.untouched_since));
        let (good, scrap) = (number(s.totals.good)?, number(s.totals.scrap)?);
        let malfunctions = i64::from(s.malfunction_count);
        let (from_version, version) = (i64::from(from_version), i64::from(s.version));
        let done = sqlx::query_file!(
            "queries/session_update.sql",
            s.id.0,
            from_version,
            status,
            reason,
            s.provisional,
            current_id,
            current,
            changed,
            ended,
            contact,
            heard,
            good,
            scrap,
            malfunctions,
            version,
            job,
            s.job_number,
            item,
            s.job_item_name,
            step,
            s.count_missing,
            asked,
            missing,
            s.worker_id.0,
            s.worker_code,
            s.worker_name,
            started,
            s.outside_assignment,
            recovered,
            untouched,
            s.station_code,
            s.station_name,
            s.area_name,
        )
        .execute(&mut self.conn)
        .await
        .during("changing a session")?;
        exactly_one(done.rows_affected(), "changing a session")
    }

    async fn insert_status_event(&mut self, e: &StatusEvent) -> Result<()> {
        let (status, state) = (json(&e.status)?, word(e.status.machine_state)?);
        let class = e.time_class.map(word).transpose()?;
        let (item, step) = (e.job_item_id.map(|id| id.0), e.step_id.map(|id| id.0));
        let reason = e.reason_id.map(|id| id.0);
        let (started, ended) = (e.started_at.millis(), millis(e.ended_at));
        let shifted = millis(e.shifted_from);
        let (epoch, version) = (i64::from(e.epoch), i64::from(e.version));
        sqlx::query_file!(
            "queries/status_event_insert.sql",
            e.id.0,
            e.session_id.0,
            e.status_definition_id.0,
            status,
            state,
            class,
            reason,
            e.note,
            item,
            e.job_item_name,
            e.job_number,
            step,
            started,
            ended,
            epoch,
            version,
            e.unknown,
            e.estimated,
            shifted,
        )
        .execute(&mut self.conn)
        .await
        .during("making a status event")
        .map(drop)
    }

    async fn update_status_event(&mut self, from_version: u32, e: &StatusEvent) -> Result<()> {
        let (status, state) = (json(&e.status)?, word(e.status.machine_state)?);
        let class = e.time_class.map(word).transpose()?;
        let (reason, item, step) = (e.reason_id.map(|id| id.0), e.job_item_id.map(|id| id.0), e.step_id.map(|id| id.0));
        let (started, ended) = (e.started_at.millis(), millis(e.ended_at));
        let (from_version, version) = (i64::from(from_version), i64::from(e.version));
        let done = sqlx::query_file!(
            "queries/status_event_update.sql",
            e.id.0,
            from_version,
            reason,
            e.note,
            started,
            ended,
            version,
            e.status_definition_id.0,
            status,
            state,
            class,
            item,
            e.job_item_name,
            e.job_number,
            step,
            e.unknown,
            e.voided,
        )
        .execute(&mut self.conn)
        .await
        .during("changing a status event")?;
        exactly_one(done.rows_affected(), "changing a status event")
    }
}

/// A row that was read in this transaction must still be there, at the version it was read in.
pub(crate) fn exactly_one(affected: u64, context: &'static str) -> Result<()> {
    if affected == 1 {
        return Ok(());
    }
    Err(StorageError::Defect { context, reason: format!("{affected} rows had the version it was decided on") })
}
