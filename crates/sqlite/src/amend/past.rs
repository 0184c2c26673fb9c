//! A session with all that happened in it, as it is read.

use super::AmendmentRow;
use crate::encoding::{count, from_json, from_word, moment};
use crate::error::Context;
use crate::snapshots;
use crate::writer::Tx;
use millrace_domain::Refusal;
use millrace_domain::amendment::Past;
use millrace_domain::storage::Result;
use millrace_protocol::amendment::Correction;
use millrace_protocol::history::{AnsweredChecklist, SessionRecord};
use millrace_protocol::quantity::{Counter, QuantityEntry};
use millrace_protocol::session::Session;
use millrace_protocol::{ChecklistId, JobItemId, QuantityEntryId, ReasonId, SessionId, StatusEventId, StepId};
use sqlx::SqliteConnection;

/// A session with its stretches, counts and reports.
pub(super) async fn read(conn: &mut SqliteConnection, id: SessionId) -> Result<Option<Past>> {
    let Some(told) = snapshots::history(conn, id).await? else { return Ok(None) };
    let mut reports = told.reports;
    // The stream shows the newest first; here they are in order.
    reports.reverse();
    // So are stretches that were taken back: whoever reads on merges them. In the past they never were.
    let events = told.status_events.into_iter().filter(|event| !event.voided).collect();
    let entries = entries(conn, id).await?;
    Ok(Some(Past { session: told.session, events, entries, reports }))
}

/// The same with what was put right and answered.
pub(super) async fn record(conn: &mut SqliteConnection, id: SessionId) -> Result<Option<SessionRecord>> {
    let Some(past) = read(conn, id).await? else { return Ok(None) };
    let amendments = sqlx::query_file_as!(AmendmentRow, "queries/amendments_of_session.sql", id.0)
        .fetch_all(&mut *conn)
        .await
        .during("reading a session's amendments")?;
    let lists = sqlx::query_file!("queries/checklists_answered.sql", id.0)
        .fetch_all(&mut *conn)
        .await
        .during("reading a session's checklists")?;
    let mut checklists = Vec::with_capacity(lists.len());
    for row in lists {
        checklists.push(AnsweredChecklist {
            moment: from_word(row.moment)?,
            epoch: count(row.epoch)?,
            checklist_id: ChecklistId(row.checklist_id),
            checklist_version: count(row.checklist_version)?,
            items: from_json(&row.items)?,
            answers: from_json(&row.answers)?,
            at: moment(row.at),
        });
    }
    Ok(Some(SessionRecord {
        session: past.session,
        status_events: past.events,
        quantities: past.entries,
        reports: past.reports,
        amendments: amendments.into_iter().map(AmendmentRow::amendment).collect::<Result<_>>()?,
        checklists,
    }))
}

async fn entries(conn: &mut SqliteConnection, id: SessionId) -> Result<Vec<QuantityEntry>> {
    let rows = sqlx::query_file!("queries/quantities_of_session.sql", id.0)
        .fetch_all(&mut *conn)
        .await
        .during("reading a session's counts")?;
    rows.into_iter()
        .map(|row| {
            let counter = match (row.counter_start, row.counter_end) {
                (Some(start), Some(end)) => Some(Counter { start: count(start)?, end: count(end)? }),
                _ => None,
            };
            Ok(QuantityEntry {
                id: QuantityEntryId(row.id),
                session_id: SessionId(row.session_id),
                status_event_id: row.status_event_id.map(StatusEventId),
                job_item_id: row.job_item_id.map(JobItemId),
                step_id: row.step_id.map(StepId),
                good: row.good,
                scrap: row.scrap,
                scrap_reason_id: row.scrap_reason_id.map(ReasonId),
                note: row.note,
                counter,
                kind: from_word(row.kind)?,
                corrects_id: row.corrects_id.map(QuantityEntryId),
                occurred_at: moment(row.occurred_at),
            })
        })
        .collect()
}

impl Tx {
    /// A session that is there, with its past.
    pub(crate) async fn past(&mut self, id: SessionId) -> Result<Past> {
        Ok(read(&mut self.conn, id).await?.ok_or(Refusal::SessionNotFound)?)
    }

    /// Whether a former owner may still put this right. What names nothing of this session is for the rules to refuse.
    pub(crate) async fn was_of(&mut self, session: &Session, epoch: u32, correction: &Correction) -> Result<bool> {
        let past = self.past(session.id).await?;
        Ok(past.concerned(correction).is_none() || past.was_of(epoch, correction))
    }

    /// The session that a correction is about.
    pub(super) async fn session_to_amend(&mut self, correction: &Correction) -> Result<SessionId> {
        let event = match correction {
            Correction::Start(asked) => return Ok(asked.session_id),
            Correction::End(asked) => return Ok(asked.session_id),
            Correction::Worker(asked) => return Ok(asked.session_id),
            Correction::Count(asked) => {
                let found = sqlx::query_file_scalar!("queries/session_of_entry.sql", asked.entry_id.0)
                    .fetch_optional(&mut self.conn)
                    .await
                    .during("looking for a count")?;
                return known(found, "There is no such count. Reload the session.");
            }
            Correction::Report(asked) => {
                let found = sqlx::query_file_scalar!("queries/session_of_report.sql", asked.report_id.0)
                    .fetch_optional(&mut self.conn)
                    .await
                    .during("looking for a report")?;
                return known(found, "There is no such report. Reload the session.");
            }
            Correction::AddedCount(asked) => asked.status_event_id,
            Correction::Item(asked) => asked.status_event_id,
            Correction::Status(asked) => asked.status_event_id,
            Correction::Reason(asked) => asked.status_event_id,
            Correction::Boundary(asked) => asked.status_event_id,
        };
        let found = sqlx::query_file_scalar!("queries/session_of_event.sql", event.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("looking for a status event")?;
        known(found, "There is no such status event. Reload the session.")
    }
}

fn known(found: Option<uuid::Uuid>, missing: &str) -> Result<SessionId> {
    let id = found.ok_or_else(|| Refusal::NotFound { what: missing.to_owned() })?;
    Ok(SessionId(id))
}
