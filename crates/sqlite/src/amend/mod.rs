//! [`Amend`] on SQLite: what was is read whole, a rule decides, rows and amendment are written together.
//!
//! A preview does the same and takes it back, so that it can't promise other figures than those that come.

mod figures;
mod past;

use crate::Sqlite;
use crate::desk::{newest_first, oldest_first};
use crate::encoding::{from_json, json, maybe_moment, moment};
use crate::error::Context;
use crate::rows::SessionRow;
use crate::writer::Tx;
use async_trait::async_trait;
use millrace_domain::amendment::{self, Asking, By, Decided, Past, count, event, may_amend, report, times};
use millrace_domain::change::Closer;
use millrace_domain::people::MeantFor;
use millrace_domain::session::bind::Bound;
use millrace_domain::session::ownership::still_open;
use millrace_domain::session::{Moment, WorkerSnapshot, end, produces};
use millrace_domain::status::note_if_any;
use millrace_domain::storage::{Actor, Amend, Asked, Listed, Result, SessionFilter, StorageError};
use millrace_domain::{Chance, Policy, Refusal};
use millrace_protocol::amendment::{Amended, Amendment, AmendmentDraft, CloseDraft, Closed, Correction, Figures};
use millrace_protocol::history::{SessionRecord, WorkerSession};
use millrace_protocol::report::ReportKind;
use millrace_protocol::session::Session;
use millrace_protocol::status::{MachineState, ReasonType};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{AmendmentId, ReasonId, SessionId, StationId, WorkerId};
use serde_json::{Value, json as object};
use uuid::Uuid;

/// A row of `amendments`.
pub(crate) struct AmendmentRow {
    id: Uuid,
    kind: String,
    session_id: Option<Uuid>,
    subject_id: Uuid,
    old: String,
    new: String,
    reason: String,
    actor: String,
    at: i64,
}

impl AmendmentRow {
    pub(crate) fn amendment(self) -> Result<Amendment> {
        Ok(Amendment {
            id: AmendmentId(self.id),
            kind: self.kind,
            session_id: self.session_id.map(SessionId),
            subject_id: self.subject_id,
            old: from_json(&self.old)?,
            new: from_json(&self.new)?,
            reason: self.reason,
            actor: self.actor,
            at: moment(self.at),
        })
    }
}

/// What is to be kept of an amendment.
pub(crate) struct Kept<'k> {
    pub(crate) kind: &'k str,
    /// Absent where no session is known.
    pub(crate) session: Option<SessionId>,
    pub(crate) decided: (Uuid, Value, Value),
    pub(crate) reason: String,
    pub(crate) actor: String,
}

#[async_trait]
impl Amend for Sqlite {
    async fn amend(&self, by: Actor, draft: AmendmentDraft) -> Result<Amended> {
        let (chance, policy) = (self.chance.clone(), self.policy.clone());
        self.write(move |tx| Box::pin(async move { tx.amend(&by, &draft, &*chance, &policy).await })).await
    }

    async fn preview_amendment(&self, by: Actor, draft: AmendmentDraft) -> Result<Amended> {
        let (chance, policy) = (self.chance.clone(), self.policy.clone());
        let run = self.write(move |tx| {
            Box::pin(async move {
                let rehearsal = tx.rehearse().await?;
                let amended = tx.amend(&by, &draft, &*chance, &policy).await;
                tx.forget(rehearsal).await?;
                amended
            })
        });
        run.await
    }

    async fn amendments(&self, asked: Asked, session: Option<SessionId>) -> Result<Listed<Amendment>> {
        let limit = asked.rows();
        let rows = match session {
            Some(SessionId(of)) => {
                let (after, id) = oldest_first(&asked)?;
                sqlx::query_file_as!(AmendmentRow, "queries/amendments_of_session_page.sql", of, after, id, limit)
                    .fetch_all(&self.readers)
                    .await
            }
            None => {
                let (before, id) = newest_first(&asked, None)?;
                sqlx::query_file_as!(AmendmentRow, "queries/amendments.sql", before, id, limit)
                    .fetch_all(&self.readers)
                    .await
            }
        };
        let rows = rows.during("reading amendments")?;
        let amendments: Vec<_> = rows.into_iter().map(AmendmentRow::amendment).collect::<Result<_>>()?;
        Ok(Listed::cut(amendments, &asked, |amendment| (amendment.at.millis().to_string(), amendment.id.0)))
    }

    async fn close_session(&self, by: Actor, session: SessionId, draft: CloseDraft) -> Result<Closed> {
        let chance = self.chance.clone();
        self.write(move |tx| Box::pin(async move { tx.force_close(&by, session, &draft, &*chance).await })).await
    }

    async fn sessions(&self, asked: Asked, filter: SessionFilter) -> Result<Listed<Session>> {
        let (before, id) = newest_first(&asked, filter.to.map(Timestamp::millis))?;
        let from = filter.from.map_or(i64::MIN, Timestamp::millis);
        let (station, worker) = (filter.station.map(|id| id.0), filter.worker.map(|id| id.0));
        let status = filter.status.map(crate::encoding::word).transpose()?;
        let (limit, readers) = (asked.rows(), &self.readers);
        // What is asked for decides by which index it is found.
        let rows = match (station, worker, status) {
            (Some(station), worker, status) => {
                sqlx::query_file_as!(
                    SessionRow,
                    "queries/sessions_at_station.sql",
                    before,
                    id,
                    from,
                    station,
                    worker,
                    status,
                    limit
                )
                .fetch_all(readers)
                .await
            }
            (None, Some(worker), status) => {
                sqlx::query_file_as!(
                    SessionRow,
                    "queries/sessions_by_worker.sql",
                    before,
                    id,
                    from,
                    worker,
                    status,
                    limit
                )
                .fetch_all(readers)
                .await
            }
            (None, None, Some(status)) => {
                sqlx::query_file_as!(SessionRow, "queries/sessions_in_state.sql", before, id, from, status, limit)
                    .fetch_all(readers)
                    .await
            }
            (None, None, None) => {
                sqlx::query_file_as!(SessionRow, "queries/sessions.sql", before, id, from, limit)
                    .fetch_all(readers)
                    .await
            }
        };
        let sessions = rows.during("reading sessions")?.into_iter().map(SessionRow::session).collect::<Result<_>>()?;
        Ok(Listed::cut(sessions, &asked, |session: &Session| (session.started_at.millis().to_string(), session.id.0)))
    }

    async fn session_record(&self, session: SessionId) -> Result<Option<SessionRecord>> {
        let mut reader = self.readers.begin().await.during("reading a session")?;
        past::record(&mut reader, session).await
    }

    async fn worker_session(&self, worker: WorkerId, session: SessionId) -> Result<Option<WorkerSession>> {
        let mut reader = self.readers.begin().await.during("reading a session")?;
        let past = past::read(&mut reader, session).await?.filter(|past| past.session.worker_id == worker);
        Ok(past.map(|past| WorkerSession { session: past.session, status_events: past.events, entries: past.entries }))
    }
}

impl Tx {
    async fn amend(
        &mut self,
        by: &Actor,
        draft: &AmendmentDraft,
        chance: &dyn Chance,
        policy: &Policy,
    ) -> Result<Amended> {
        let moment = Moment { now: self.now, chance, policy };
        let why = amendment::reason(&draft.reason)?;
        let session = self.session_to_amend(&draft.correction).await?;
        let past = self.past(session).await?;
        may_amend(by, &past.session, self.now)?;
        let decided = self.put_right(&past, &draft.correction, By::User { name: &by.name, why: &why }, &moment).await?;
        let concerned = figures::concerned(&past, &decided);
        let before = self.figures(&past, &concerned).await?;
        let kept = Kept {
            kind: amendment::kind(&draft.correction),
            session: Some(session),
            decided: (decided.subject, decided.old, decided.new),
            reason: why,
            actor: by.name.clone(),
        };
        self.apply(decided.effects).await?;
        let amendment = self.keep(kept, chance).await?;
        let past = self.past(session).await?;
        let after = self.figures(&past, &concerned).await?;
        Ok(Amended { amendment, before, after })
    }

    /// A worker puts something right in his own session. The session after it.
    pub(crate) async fn correct(
        &mut self,
        session: &Session,
        correction: &Correction,
        by: By<'_>,
        moment: &Moment<'_>,
    ) -> Result<()> {
        amendment::of_worker(correction)?;
        let owner = self.session_to_amend(correction).await?;
        if owner != session.id {
            let what = "This is not of this session. Correct what is its own.".into();
            return Err(Refusal::InvalidTransition { what }.into());
        }
        let past = self.past(session.id).await?;
        let said = match by {
            By::Worker { note, .. } => note_if_any(note)?,
            By::User { why, .. } => Some(why.to_owned()),
        };
        let by = match by {
            By::Worker { live, .. } => By::Worker { note: said.as_deref(), live },
            user @ By::User { .. } => user,
        };
        let decided = self.put_right(&past, correction, by, moment).await?;
        let reason = said.unwrap_or_else(|| "corrected by the worker".to_owned());
        let kept = Kept {
            kind: amendment::kind(correction),
            session: Some(session.id),
            decided: (decided.subject, decided.old, decided.new),
            reason,
            actor: format!("worker {}", session.worker_code),
        };
        self.apply(decided.effects).await?;
        self.keep(kept, moment.chance).await.map(drop)
    }

    /// A correction that lay in quarantine, in the name of whoever accepts it.
    pub(crate) async fn correct_past(
        &mut self,
        past: &Past,
        correction: &Correction,
        by: By<'_>,
        moment: &Moment<'_>,
    ) -> Result<()> {
        if self.session_to_amend(correction).await? != past.session.id {
            let what = "This is not of this session. Edit the entry, or reject it.".into();
            return Err(Refusal::InvalidTransition { what }.into());
        }
        let decided = self.put_right(past, correction, by, moment).await?;
        self.apply(decided.effects).await
    }

    /// The figures of a session as they are now.
    pub(crate) async fn session_figures(&mut self, session: SessionId) -> Result<Figures> {
        let past = self.past(session).await?;
        let concerned = figures::of(&past);
        self.figures(&past, &concerned).await
    }

    async fn put_right(
        &mut self,
        past: &Past,
        correction: &Correction,
        by: By<'_>,
        moment: &Moment<'_>,
    ) -> Result<Decided> {
        let station = past.session.station_id;
        let asking = self.asking(past, moment).await?;
        if let By::Worker { .. } = by {
            self.may_have_produced(past, correction, moment).await?;
        }
        Ok(match correction {
            Correction::Count(asked) => {
                let reason = self.scrap_reason(asked.scrap_reason_id, station).await?;
                count::count(past, asked, reason, by, moment)?
            }
            Correction::AddedCount(asked) => {
                let reason = self.scrap_reason(asked.scrap_reason_id, station).await?;
                count::added_count(past, asked, reason, by, moment)?
            }
            Correction::Item(asked) => match (asked.job_item_id, asked.step_id) {
                (Some(item), Some(step)) => {
                    let (item, step) = self.bindable(item, step, station).await?;
                    event::item(past, asked, Some(Bound { item: &item, step: &step }), by, moment)?
                }
                (None, None) => event::item(past, asked, None, by, moment)?,
                _ => {
                    let what = "Name the item and its step, or neither.".into();
                    return Err(Refusal::Invalid { what }.into());
                }
            },
            Correction::Status(asked) => {
                let definition = self.status_by_id(asked.status_definition_id, station).await?;
                let definition = definition.ok_or(Refusal::StatusNotAllowed)?;
                let known = self.stop_reason(asked.reason_id, station).await?;
                event::status(past, asked, &definition, known, asking, by, moment)?
            }
            Correction::Reason(asked) => {
                let known = self.stop_reason(asked.reason_id, station).await?;
                let status = past.event(asked.status_event_id)?.status_definition_id;
                let wanted = self.status_by_id(status, station).await?.map(|status| status.reason_wanted);
                event::reason(past, asked, (known, wanted), asking, by, moment)?
            }
            Correction::Boundary(asked) => times::boundary(past, asked, asking, by, moment)?,
            Correction::Start(asked) => times::start(past, asked, self.neighbours(past).await?, by)?,
            Correction::End(asked) => times::end(past, asked, self.neighbours(past).await?, by, moment)?,
            Correction::Worker(asked) => {
                // In service or not: what was, was.
                let worker = self.known_worker(asked.worker_id).await?;
                let meant_for = MeantFor::from(&worker);
                let worker = WorkerSnapshot { id: worker.id, code: worker.code, name: worker.name, meant_for };
                times::worker(past, &worker, by, moment)?
            }
            Correction::Report(asked) => {
                let kind = match past.report(asked.report_id)?.kind {
                    ReportKind::Malfunction => ReasonType::Malfunction,
                    ReportKind::General => ReasonType::General,
                    ReportKind::Scrap => ReasonType::Scrap,
                };
                let reason = match asked.reason_id {
                    Some(reason) => self.reason(reason, station, kind).await?,
                    None => None,
                };
                report::report(past, asked, reason, by, moment)?
            }
        })
    }

    /// How the session's last stretch asks for its reason.
    async fn asking(&mut self, past: &Past, moment: &Moment<'_>) -> Result<Asking> {
        let station = past.session.station_id;
        let minor_stop_ms = self.minor_stop_ms(station, moment.policy).await?;
        let last = match past.events.last() {
            Some(last) => self.status_by_id(last.status_definition_id, station).await?,
            None => None,
        };
        Ok(Asking { wanted: last.map(|status| status.reason_wanted), minor_stop_ms })
    }

    /// A worker says of no stretch that it produced what would have been refused to him then: the first product of its
    /// item was approved before it began. A supervisor may, who approves.
    async fn may_have_produced(&mut self, past: &Past, correction: &Correction, moment: &Moment<'_>) -> Result<()> {
        let station = past.session.station_id;
        let Some(event) = past.concerned(correction) else { return Ok(()) };
        let bound = match correction {
            Correction::Item(asked) if produces(event) => (asked.job_item_id, asked.step_id, event.started_at),
            Correction::Status(asked) => {
                let definition = self.status_by_id(asked.status_definition_id, station).await?;
                if definition.is_none_or(|status| status.machine_state != MachineState::Production) || produces(event) {
                    return Ok(());
                }
                (event.job_item_id, event.step_id, event.started_at)
            }
            Correction::Boundary(asked) if produces(event) && asked.started_at < event.started_at => {
                (event.job_item_id, event.step_id, asked.started_at)
            }
            _ => return Ok(()),
        };
        let (Some(item), Some(step), from) = bound else { return Ok(()) };
        let (_, step) = self.bindable(item, step, station).await?;
        self.approved(&step, station, from, moment).await
    }

    async fn scrap_reason(
        &mut self,
        reason: Option<ReasonId>,
        station: StationId,
    ) -> Result<Option<millrace_domain::quantity::Reason>> {
        let Some(id) = reason else { return Ok(None) };
        let found = self.reason(id, station, ReasonType::Scrap).await?;
        let none = || Refusal::InvalidQuantities {
            what: "This scrap reason is not one of the station's. Reload the list of reasons.".into(),
        };
        Ok(Some(found.ok_or_else(none)?))
    }

    async fn stop_reason(&mut self, reason: Option<ReasonId>, station: StationId) -> Result<bool> {
        match reason {
            Some(reason) => Ok(self.reason(reason, station, ReasonType::Stop).await?.is_some()),
            None => Ok(false),
        }
    }

    async fn neighbours(&mut self, past: &Past) -> Result<times::Neighbours> {
        let (station, id, started) = (past.session.station_id.0, past.session.id.0, past.session.started_at.millis());
        let row = sqlx::query_file!("queries/station_neighbours.sql", station, id, started)
            .fetch_one(&mut self.conn)
            .await
            .during("reading who was at a station before and after")?;
        Ok(times::Neighbours { before: maybe_moment(row.before), after: maybe_moment(row.after) })
    }

    /// `POST /api/admin/sessions/{id}/close`
    async fn force_close(
        &mut self,
        by: &Actor,
        session: SessionId,
        draft: &CloseDraft,
        chance: &dyn Chance,
    ) -> Result<Closed> {
        let reason = amendment::reason(&draft.reason)?;
        let session = self.session(session).await?.ok_or(Refusal::SessionNotFound)?;
        still_open(&session)?;
        let lease = sqlx::query_file!("queries/lease.sql", session.id.0)
            .fetch_optional(&mut self.conn)
            .await
            .during("reading a lease")?;
        let last_contact = lease.map_or(self.now, |lease| moment(lease.last_seen_at));
        let epoch = self.claimant(session.id).await?.map_or(1, |claimant| claimant.epoch);
        let live = self.live(session, epoch).await?;
        let closer = Closer { by: by.name.clone(), note: reason.clone() };
        self.apply_by(end::force(&live, draft.ended_at, last_contact, self.now)?, Some(closer)).await?;
        let missing = || StorageError::Defect { context: "closing a session", reason: "it is gone".into() };
        let closed = self.session(live.session.id).await?.ok_or_else(missing)?;
        let old = object!({ "status": live.session.status, "endedAt": null });
        let new = object!({ "status": closed.status, "endedAt": closed.ended_at });
        let kept = Kept {
            kind: "close",
            session: Some(closed.id),
            decided: (closed.id.0, old, new),
            reason,
            actor: by.name.clone(),
        };
        let amendment = self.keep(kept, chance).await?;
        Ok(Closed { session: closed, amendment })
    }

    /// Keeps an amendment, and its row in the audit log.
    pub(crate) async fn keep(&mut self, kept: Kept<'_>, chance: &dyn Chance) -> Result<Amendment> {
        let (subject_id, old, new) = kept.decided;
        let amendment = Amendment {
            id: AmendmentId(chance.uuid(self.now)),
            kind: kept.kind.to_owned(),
            session_id: kept.session,
            subject_id,
            old,
            new,
            reason: kept.reason,
            actor: kept.actor,
            at: self.now,
        };
        let session = kept.session.map(|session| session.0);
        let (old, new, now) = (json(&amendment.old)?, json(&amendment.new)?, self.now.millis());
        sqlx::query_file!(
            "queries/amendment_insert.sql",
            amendment.id.0,
            amendment.kind,
            session,
            subject_id,
            old,
            new,
            amendment.reason,
            amendment.actor,
            now
        )
        .execute(&mut self.conn)
        .await
        .during("keeping an amendment")?;
        self.audit(
            &amendment.actor,
            &format!("amend {}", amendment.kind),
            &kept.session.map_or_else(|| subject_id.to_string(), |session| session.to_string()),
        )
        .await?;
        Ok(amendment)
    }
}
