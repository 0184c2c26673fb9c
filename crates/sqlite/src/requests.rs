//! What a worker asks of a supervisor, as it is written: the approval of a first product, and calls.

use crate::encoding::{count, from_word, maybe_moment, millis, moment, word};
use crate::error::Context;
use crate::writer::Tx;
use millrace_domain::Policy;
use millrace_domain::change::{Pair, Row};
use millrace_domain::storage::Result;
use millrace_protocol::floor::{Approval, ApprovalState, Call, CallState};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{ApprovalId, CallId, JobItemId, SessionId, StationId, StepId, WorkerId};
use sqlx::SqliteConnection;
use uuid::Uuid;

/// A row of `approvals`.
pub(crate) struct ApprovalRow {
    pub(crate) id: Uuid,
    pub(crate) state: String,
    pub(crate) station_id: Uuid,
    pub(crate) station_code: String,
    pub(crate) station_name: String,
    pub(crate) session_id: Uuid,
    pub(crate) worker_id: Uuid,
    pub(crate) worker_name: String,
    pub(crate) job_item_id: Uuid,
    pub(crate) job_item_name: String,
    pub(crate) job_number: String,
    pub(crate) step_id: Uuid,
    pub(crate) asked_at: i64,
    pub(crate) seen_at: Option<i64>,
    pub(crate) seen_by: Option<String>,
    pub(crate) escalated_at: Option<i64>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) decided_by: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) version: i64,
}

impl ApprovalRow {
    pub(crate) fn approval(self) -> Result<Approval> {
        Ok(Approval {
            id: ApprovalId(self.id),
            state: from_word(self.state)?,
            station_id: StationId(self.station_id),
            station_code: self.station_code,
            station_name: self.station_name,
            session_id: SessionId(self.session_id),
            worker_id: WorkerId(self.worker_id),
            worker_name: self.worker_name,
            job_item_id: JobItemId(self.job_item_id),
            job_item_name: self.job_item_name,
            job_number: self.job_number,
            step_id: StepId(self.step_id),
            asked_at: moment(self.asked_at),
            seen_at: maybe_moment(self.seen_at),
            seen_by: self.seen_by,
            escalated_at: maybe_moment(self.escalated_at),
            decided_at: maybe_moment(self.decided_at),
            decided_by: self.decided_by,
            note: self.note,
            ended_at: maybe_moment(self.ended_at),
            version: count(self.version)?,
        })
    }
}

/// A row of `calls`.
pub(crate) struct CallRow {
    pub(crate) id: Uuid,
    pub(crate) state: String,
    pub(crate) station_id: Uuid,
    pub(crate) station_code: String,
    pub(crate) station_name: String,
    pub(crate) session_id: Uuid,
    pub(crate) worker_id: Uuid,
    pub(crate) worker_name: String,
    pub(crate) note: Option<String>,
    pub(crate) made_at: i64,
    pub(crate) seen_at: Option<i64>,
    pub(crate) seen_by: Option<String>,
    pub(crate) escalated_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) version: i64,
}

impl CallRow {
    pub(crate) fn call(self) -> Result<Call> {
        Ok(Call {
            id: CallId(self.id),
            state: from_word(self.state)?,
            station_id: StationId(self.station_id),
            station_code: self.station_code,
            station_name: self.station_name,
            session_id: SessionId(self.session_id),
            worker_id: WorkerId(self.worker_id),
            worker_name: self.worker_name,
            note: self.note,
            made_at: moment(self.made_at),
            seen_at: maybe_moment(self.seen_at),
            seen_by: self.seen_by,
            escalated_at: maybe_moment(self.escalated_at),
            ended_at: maybe_moment(self.ended_at),
            version: count(self.version)?,
        })
    }
}

/// The request for a step at a station that was in force at a moment, else the newest that had been made by then: what
/// is shown and what lets production begin are the same.
pub(crate) async fn approval_at(
    conn: &mut SqliteConnection,
    step: StepId,
    station: StationId,
    at: Timestamp,
    policy: &Policy,
) -> Result<Option<Approval>> {
    let (then, since) = (at.millis(), at.plus_millis(-Policy::signed(policy.approval_ms)).millis());
    sqlx::query_file_as!(ApprovalRow, "queries/approval_at.sql", step.0, station.0, then, since)
        .fetch_optional(conn)
        .await
        .during("reading an approval")?
        .map(ApprovalRow::approval)
        .transpose()
}

impl Tx {
    /// The request that says where a step at a station stands, see [`approval_at`].
    pub(crate) async fn approval_at(
        &mut self,
        step: StepId,
        station: StationId,
        at: Timestamp,
        policy: &Policy,
    ) -> Result<Option<Approval>> {
        approval_at(&mut self.conn, step, station, at, policy).await
    }

    /// The calls of a session that are not over.
    pub(crate) async fn calls_of(&mut self, session: SessionId) -> Result<Vec<Call>> {
        sqlx::query_file_as!(CallRow, "queries/calls_of_session.sql", session.0)
            .fetch_all(&mut self.conn)
            .await
            .during("reading calls")?
            .into_iter()
            .map(CallRow::call)
            .collect()
    }

    /// Ends the approvals that hold at a station: a setup began there.
    pub(crate) async fn end_approvals(&mut self, station: StationId, at: Timestamp) -> Result<()> {
        let rows = sqlx::query_file_as!(ApprovalRow, "queries/approvals_in_force.sql", station.0)
            .fetch_all(&mut self.conn)
            .await
            .during("reading the approvals of a station")?;
        for row in rows {
            let old = row.approval()?;
            // One that was decided during the setup is for what comes after it.
            if old.decided_at.is_some_and(|decided| decided > at) {
                continue;
            }
            let new = Approval { ended_at: Some(at), version: old.version + 1, ..old.clone() };
            self.write_approval(Some(Box::new(old)), Box::new(new)).await?;
        }
        Ok(())
    }

    /// The approvals that a setup ended at this moment hold again: it was none.
    pub(crate) async fn resume_approvals(&mut self, station: StationId, at: Timestamp) -> Result<()> {
        let ended = at.millis();
        let rows = sqlx::query_file_as!(ApprovalRow, "queries/approvals_resume.sql", station.0, ended)
            .fetch_all(&mut self.conn)
            .await
            .during("reading the approvals a setup ended")?;
        for row in rows {
            let old = row.approval()?;
            let new = Approval { ended_at: None, version: old.version + 1, ..old.clone() };
            self.write_approval(Some(Box::new(old)), Box::new(new)).await?;
        }
        Ok(())
    }

    /// Takes back what a session that ends had asked for and not got.
    pub(crate) async fn withdraw_requests(&mut self, session: SessionId, at: Timestamp) -> Result<()> {
        for old in self.calls_of(session).await? {
            let state = CallState::Cancelled;
            let new = Call { state, ended_at: Some(at), version: old.version + 1, ..old.clone() };
            self.write_call(Some(Box::new(old)), Box::new(new)).await?;
        }
        let pending = sqlx::query_file_as!(ApprovalRow, "queries/approvals_pending_of_session.sql", session.0)
            .fetch_all(&mut self.conn)
            .await
            .during("reading the approvals a session asked for")?;
        for row in pending {
            let old = row.approval()?;
            let state = ApprovalState::Withdrawn;
            let new = Approval { state, ended_at: Some(at), version: old.version + 1, ..old.clone() };
            self.write_approval(Some(Box::new(old)), Box::new(new)).await?;
        }
        Ok(())
    }

    /// What a session had asked for when it ended waits again: it goes on.
    pub(crate) async fn resume_requests(&mut self, session: SessionId, ended: Timestamp) -> Result<()> {
        let ended = ended.millis();
        let calls = sqlx::query_file_as!(CallRow, "queries/calls_taken_back.sql", session.0, ended)
            .fetch_all(&mut self.conn)
            .await
            .during("reading the calls that a session's end took back")?;
        for row in calls {
            let old = row.call()?;
            let state = if old.seen_at.is_some() { CallState::Seen } else { CallState::Open };
            let new = Call { state, ended_at: None, version: old.version + 1, ..old.clone() };
            self.write_call(Some(Box::new(old)), Box::new(new)).await?;
        }
        let approvals = sqlx::query_file_as!(ApprovalRow, "queries/approvals_withdrawn.sql", session.0, ended)
            .fetch_all(&mut self.conn)
            .await
            .during("reading the approvals that a session's end took back")?;
        for row in approvals {
            let old = row.approval()?;
            let state = ApprovalState::Pending;
            let new = Approval { state, ended_at: None, version: old.version + 1, ..old.clone() };
            self.write_approval(Some(Box::new(old)), Box::new(new)).await?;
        }
        Ok(())
    }

    /// Writes an approval: asked for where there is no `old`.
    pub(crate) async fn write_approval(&mut self, old: Option<Box<Approval>>, new: Box<Approval>) -> Result<()> {
        let a = &new;
        let (state, version) = (word(a.state)?, i64::from(a.version));
        if let Some(old) = &old {
            let (from_version, seen, raised) = (i64::from(old.version), millis(a.seen_at), millis(a.escalated_at));
            let (decided, ended) = (millis(a.decided_at), millis(a.ended_at));
            let done = sqlx::query_file!(
                "queries/approval_update.sql",
                a.id.0,
                from_version,
                state,
                seen,
                a.seen_by,
                raised,
                decided,
                a.decided_by,
                a.note,
                ended,
                version,
            )
            .execute(&mut self.conn)
            .await
            .during("changing an approval")?;
            crate::effects::exactly_one(done.rows_affected(), "changing an approval")?;
        } else {
            let asked = a.asked_at.millis();
            sqlx::query_file!(
                "queries/approval_insert.sql",
                a.id.0,
                state,
                a.station_id.0,
                a.station_code,
                a.station_name,
                a.session_id.0,
                a.worker_id.0,
                a.worker_name,
                a.job_item_id.0,
                a.job_item_name,
                a.job_number,
                a.step_id.0,
                asked,
                a.note,
                version,
            )
            .execute(&mut self.conn)
            .await
            .during("asking for an approval")?;
        }
        self.record(Row::Approvals(Pair { old, new: Some(new) })).await
    }

    /// Writes a call: made where there is no `old`.
    pub(crate) async fn write_call(&mut self, old: Option<Box<Call>>, new: Box<Call>) -> Result<()> {
        let c = &new;
        let (state, version) = (word(c.state)?, i64::from(c.version));
        if let Some(old) = &old {
            let (from_version, seen) = (i64::from(old.version), millis(c.seen_at));
            let (raised, ended) = (millis(c.escalated_at), millis(c.ended_at));
            let done = sqlx::query_file!(
                "queries/call_update.sql",
                c.id.0,
                from_version,
                state,
                seen,
                c.seen_by,
                raised,
                ended,
                version
            )
            .execute(&mut self.conn)
            .await
            .during("changing a call")?;
            crate::effects::exactly_one(done.rows_affected(), "changing a call")?;
        } else {
            let made = c.made_at.millis();
            sqlx::query_file!(
                "queries/call_insert.sql",
                c.id.0,
                state,
                c.station_id.0,
                c.station_code,
                c.station_name,
                c.session_id.0,
                c.worker_id.0,
                c.worker_name,
                c.note,
                made,
                version,
            )
            .execute(&mut self.conn)
            .await
            .during("making a call")?;
        }
        self.record(Row::Calls(Pair { old, new: Some(new) })).await
    }
}
