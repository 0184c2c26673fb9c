//! A supervisor's decisions about what lies in quarantine. Accepting does an entry as history, by the same rules as what
//! comes late: it never changes the current status, the open stretch or the owner of a session. Each decision is an
//! amendment of its own.

use crate::amend::Kept;
use crate::desk::quarantine::QuarantineRow;
use crate::effects::exactly_one;
use crate::encoding::word;
use crate::error::Context;
use crate::rows::WorkerRow;
use crate::writer::Tx;
use millrace_domain::action::{Action, Request, mark_time};
use millrace_domain::amendment::{self, By, Past, SUPERVISOR_MS, may_amend};
use millrace_domain::change::{Pair, Row};
use millrace_domain::deed::{self, Asking, Deed};
use millrace_domain::people::MeantFor;
use millrace_domain::session::addition::{add, add_late};
use millrace_domain::session::open::{Opening, in_the_past};
use millrace_domain::session::{Claimer, Moment, WorkerSnapshot};
use millrace_domain::storage::{Actor, Result, StorageError, Verdict, Which};
use millrace_domain::{Chance, Policy, Refusal};
use millrace_protocol::access::Role;
use millrace_protocol::action::ClockSource;
use millrace_protocol::amendment::Figures;
use millrace_protocol::checklist::ChecklistMoment;
use millrace_protocol::floor::{Decided, QuarantineDecision, QuarantineEntry};
use millrace_protocol::quantity::EntryKind;
use millrace_protocol::session::{HandoverRequest, OpenRequest, Session};
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{KioskId, SessionId};
use serde_json::{Value, json as object};

/// A decision about one entry, as it is carried out.
struct Deciding<'d> {
    by: &'d Actor,
    why: &'d str,
    decision: QuarantineDecision,
}

impl Tx {
    /// Decides about one entry, or about all that wait of a session: all or none.
    pub(crate) async fn decide_entries(
        &mut self,
        by: &Actor,
        verdict: &Verdict,
        chance: &dyn Chance,
        policy: &Policy,
    ) -> Result<Decided> {
        let moment = Moment { now: self.now, chance, policy };
        let why = amendment::reason(&verdict.reason)?;
        let entries = self.awaited(verdict.which).await?;
        let session = entries.first().map(|entry| entry.session_id);
        let before = self.figures_of(session).await?;
        let deciding = Deciding { by, why: &why, decision: verdict.decision };
        let mut decided: Vec<QuarantineEntry> = Vec::with_capacity(entries.len());
        for entry in entries {
            // A pair is decided with its first.
            if decided.iter().any(|done| done.id == entry.id) {
                continue;
            }
            let seq = entry.seq;
            let whole = matches!(verdict.which, Which::Session(_));
            let done = self.decide_entry(entry, verdict.body.as_ref(), &deciding, &moment).await;
            decided.extend(done.map_err(|error| if whole { named(error, seq) } else { error })?);
        }
        let after = self.figures_of(session).await?;
        Ok(Decided { entries: decided, before, after })
    }

    async fn awaited(&mut self, which: Which) -> Result<Vec<QuarantineEntry>> {
        let entries = match which {
            Which::Entry(id) => sqlx::query_file_as!(QuarantineRow, "queries/quarantine_entry.sql", id.0)
                .fetch_all(&mut self.conn)
                .await
                .during("reading what is to be decided")?
                .into_iter()
                .map(QuarantineRow::entry)
                .collect::<Result<Vec<_>>>()?,
            Which::Session(id) => self.waiting_of(id).await?,
        };
        if entries.is_empty() {
            let what = "Nothing of it waits for a decision (any more). Reload the list.".to_owned();
            return Err(Refusal::NotFound { what }.into());
        }
        Ok(entries)
    }

    /// Decides about one entry, and about the one that it takes back or that takes it back.
    async fn decide_entry(
        &mut self,
        entry: QuarantineEntry,
        body: Option<&Value>,
        deciding: &Deciding<'_>,
        moment: &Moment<'_>,
    ) -> Result<Vec<QuarantineEntry>> {
        if entry.decision.is_some() {
            return refused("This entry was decided already. Reload the list.");
        }
        let pair = self.pair_of(&entry).await?;
        if deciding.decision == QuarantineDecision::Rejected {
            // Whoever rejects what is taken back rejects the taking back as well: there is nothing left of it.
            let mut decided = vec![self.decided(entry, None, deciding, moment).await?];
            if let Some(pair) = pair.filter(|pair| pair.undoes_id == Some(decided[0].id)) {
                decided.push(self.decided(pair, None, deciding, moment).await?);
            }
            return Ok(decided);
        }
        if let Some(pair) = pair {
            // Done and taken back: it comes to nothing.
            let first = self.decided(entry, None, deciding, moment).await?;
            return Ok(vec![first, self.decided(pair, None, deciding, moment).await?]);
        }
        let asked = body.unwrap_or(&entry.body).clone();
        match entry.path.as_str() {
            "/api/sessions" | "/api/sessions/handover" => self.accept_start(&entry, &asked, deciding, moment).await?,
            "/api/actions/undo" if entry.undoes_id.is_some() => {
                return refused(
                    "What it takes back was decided already. Reject this one, and put the session right by an amendment.",
                );
            }
            path => {
                let Some(asking) = deed::read(path, &asked) else {
                    return refused("This entry can't be read as what it was sent for. Edit it, or reject it.");
                };
                self.accept_deed(&entry, asking, deciding, moment).await?;
            }
        }
        Ok(vec![self.decided(entry, body, deciding, moment).await?])
    }

    /// The other entry of a pair, where it still waits.
    async fn pair_of(&mut self, entry: &QuarantineEntry) -> Result<Option<QuarantineEntry>> {
        let row = match entry.undoes_id {
            Some(target) => {
                sqlx::query_file_as!(QuarantineRow, "queries/quarantine_entry.sql", target.0)
                    .fetch_optional(&mut self.conn)
                    .await
            }
            None => {
                sqlx::query_file_as!(QuarantineRow, "queries/quarantine_undoing.sql", entry.id.0)
                    .fetch_optional(&mut self.conn)
                    .await
            }
        };
        let found = row.during("looking for the other of a pair")?.map(QuarantineRow::entry).transpose()?;
        Ok(found.filter(|other| other.decision.is_none()))
    }

    /// Does an entry as history of its session.
    async fn accept_deed(
        &mut self,
        entry: &QuarantineEntry,
        asking: Asking,
        deciding: &Deciding<'_>,
        moment: &Moment<'_>,
    ) -> Result<()> {
        let Asking { session: id, mut stamp, deed } = asking;
        let unknown = || Refusal::InvalidTransition {
            what: "Its session is not known. Accept the opening of that session first, or reject this entry.".into(),
        };
        let session = self.session(id).await?.ok_or_else(unknown)?;
        may_amend(deciding.by, &session, self.now)?;
        let past = self.past(session.id).await?;
        if let Deed::Correct { correction, .. } = &deed {
            if past.concerned(correction).is_some_and(|event| event.ended_at.is_none()) {
                return refused(
                    "The session is in that stretch now, and a decision changes nothing that is live. Correct it by an amendment.",
                );
            }
            let by = By::User { name: &deciding.by.name, why: deciding.why };
            return self.correct_past(&past, correction, by, moment).await;
        }
        // As the server does with what comes in time: nothing is done in a session before it began.
        let at = stamp.occurred_at.max(session.started_at);
        let covering = covering(&past, at, &deed)?;
        if let Deed::GiveReason { event, .. } = &deed {
            stamp.epoch = past.event(*event)?.epoch;
        } else if let Some(covering) = covering {
            stamp.epoch = covering.epoch;
        }
        let request = Request { path: entry.path.clone(), body: String::new() };
        let (kiosk, worker_code, digest) = (entry.kiosk_id, None, [0; 32]);
        let action = Action { kiosk, worker_code, session: id, stamp, digest, request, what: deed };
        match self.act_late(&action, &session, covering, at, moment).await? {
            Some(_) => Ok(()),
            None => refused("It lies outside the time that its session was this kiosk's. Edit its time, or reject it."),
        }
    }

    /// Makes the session that a kiosk had opened without the server, as history.
    async fn accept_start(
        &mut self,
        entry: &QuarantineEntry,
        asked: &Value,
        deciding: &Deciding<'_>,
        moment: &Moment<'_>,
    ) -> Result<()> {
        let unreadable =
            || Refusal::InvalidTransition { what: "This opening can't be read. Edit it, or reject it.".into() };
        let (request, over) = if entry.path.ends_with("handover") {
            let over: HandoverRequest = serde_json::from_value(asked.clone()).map_err(|_| unreadable())?;
            let request = OpenRequest {
                station_id: over.station_id,
                instance_id: over.instance_id,
                checklist: over.checklist.clone(),
                id: over.id,
                action: over.action.clone(),
            };
            (request, Some(over))
        } else {
            (serde_json::from_value::<OpenRequest>(asked.clone()).map_err(|_| unreadable())?, None)
        };
        let (Some(id), Some(stamp)) = (request.id, request.action) else { return Err(unreadable().into()) };
        if self.session(id).await?.is_some() {
            return refused("This session is there already. Reject this entry.");
        }
        let waiting = self.waiting_of(id).await?;
        let mut from = stamp.occurred_at.min(self.now);
        if stamp.clock == ClockSource::Estimated {
            // What was tapped in it is known better: it did not begin after that.
            let told = waiting.iter().filter(|later| later.body["action"]["clock"] != "estimated");
            from = told.map(|later| later.occurred_at).fold(from, Timestamp::min);
        }
        let is_old = self.now.millis_since(from) > SUPERVISOR_MS;
        if is_old && deciding.by.role != Role::Admin {
            let what = "This was more than seven days ago. Ask an administrator to decide.".to_owned();
            return Err(Refusal::Forbidden { what }.into());
        }
        let code = asked["workerCode"].as_str().unwrap_or_default();
        let worker = sqlx::query_file_as!(WorkerRow, "queries/worker_any_by_code.sql", code)
            .fetch_optional(&mut self.conn)
            .await
            .during("looking up a worker")?;
        let nobody = || Refusal::InvalidTransition {
            what: format!("No worker has the code `{code}`. Edit `workerCode`, or reject the entry."),
        };
        let (worker, _) = worker.ok_or_else(nobody)?.worker();
        let meant_for = MeantFor::from(&self.known_worker(worker.id).await?);
        let station = self.station_snapshot(request.station_id).await?.ok_or(Refusal::StationNotAllowed)?;
        let handed = match &over {
            Some(over) => self.handed_over_then(over, from, entry.kiosk_id, moment).await?,
            None => None,
        };
        let (after, stretch) = handed.unzip();
        let opening = Opening {
            worker: WorkerSnapshot { id: worker.id, code: worker.code, name: worker.name, meant_for },
            station: None,
            status: self.status_after(after.as_ref(), station.id).await?,
            held: vec![],
            occupant: None,
            claimer: Claimer { kiosk: entry.kiosk_id, instance: request.instance_id },
            id: Some(id),
            after,
            offline_at: Some(from),
        };
        let later = waiting.iter().filter(|later| later.id != entry.id);
        let last = later.map(|later| later.occurred_at).fold(from, Timestamp::max);
        let goes_on = stretch.filter(|stretch| stretch.status_definition_id == opening.status.id);
        let span = (from, last.min(self.now));
        let (mut begun, mut effects) = in_the_past(&opening, &station, goes_on.as_ref(), span, moment);
        mark_time(&mut effects, &mut begun, &stamp, from);
        self.apply(effects).await?;
        let given = request.checklist.as_ref();
        if given.is_some()
            && let Some(list) = self.answered_list(station.id, ChecklistMoment::Start, given).await?
        {
            self.keep_checklist((id, 1), ChecklistMoment::Start, &list, from).await?;
        }
        Ok(())
    }

    /// The session that was handed over, as it was at that moment, with its stretch. What the next worker had counted of
    /// it is booked, unless it was when the handover came and only he had to wait: a session is handed over once.
    async fn handed_over_then(
        &mut self,
        over: &HandoverRequest,
        at: Timestamp,
        kiosk: KioskId,
        moment: &Moment<'_>,
    ) -> Result<Option<(Session, StatusEvent)>> {
        let Some(session) = self.session(over.session_id).await? else { return Ok(None) };
        let past = self.past(session.id).await?;
        let Some(stretch) = nearest(&past, at) else { return Ok(None) };
        let is_booked = past.entries.iter().any(|entry| entry.kind == EntryKind::Handover);
        if let Some(given) = over.quantities.as_ref().filter(|_| !is_booked) {
            let extras = self.extras(&session, (stretch, at), Some(given), None, kiosk).await?;
            let added = add(&session, stretch, stretch, &extras, EntryKind::Handover, at, moment);
            self.apply(add_late(&session, &added, false)).await?;
        }
        let item = match stretch.job_item_id {
            Some(item) => self.item(item).await?.map(|(item, _)| item),
            None => None,
        };
        let then = Session {
            current_status_id: Some(stretch.status_definition_id),
            job_id: item.map(|item| item.job_id),
            job_number: stretch.job_number.clone(),
            job_item_id: stretch.job_item_id,
            job_item_name: stretch.job_item_name.clone(),
            step_id: stretch.step_id,
            ..session
        };
        Ok(Some((then, stretch.clone())))
    }

    /// All that waits of a session.
    async fn waiting_of(&mut self, session: SessionId) -> Result<Vec<QuarantineEntry>> {
        sqlx::query_file_as!(QuarantineRow, "queries/quarantine_of_session.sql", session.0)
            .fetch_all(&mut self.conn)
            .await
            .during("reading what waits of a session")?
            .into_iter()
            .map(QuarantineRow::entry)
            .collect()
    }

    /// Notes a decision with the entry, as an amendment, and tells it.
    async fn decided(
        &mut self,
        entry: QuarantineEntry,
        body: Option<&Value>,
        deciding: &Deciding<'_>,
        moment: &Moment<'_>,
    ) -> Result<QuarantineEntry> {
        let (id, decision, now) = (entry.id.0, word(deciding.decision)?, self.now.millis());
        let done = sqlx::query_file!("queries/quarantine_decide.sql", id, decision, now, deciding.by.name)
            .execute(&mut self.conn)
            .await
            .during("deciding about an entry")?;
        exactly_one(done.rows_affected(), "deciding about an entry")?;
        let known = self.session(entry.session_id).await?.map(|session| session.id);
        let new = match body {
            Some(body) => object!({ "decision": deciding.decision, "body": body }),
            None => object!({ "decision": deciding.decision }),
        };
        let kept = Kept {
            kind: "quarantine",
            session: known,
            decided: (id, object!({ "decision": null, "path": entry.path, "body": entry.body }), new),
            reason: deciding.why.to_owned(),
            actor: deciding.by.name.clone(),
        };
        self.keep(kept, moment.chance).await?;
        self.record(Row::Quarantine(Pair::gone(entry.clone()))).await?;
        Ok(QuarantineEntry {
            decision: Some(deciding.decision),
            decided_at: Some(self.now),
            decided_by: Some(deciding.by.name.clone()),
            ..entry
        })
    }

    async fn figures_of(&mut self, session: Option<SessionId>) -> Result<Option<Figures>> {
        match session {
            Some(id) if self.session(id).await?.is_some() => self.session_figures(id).await.map(Some),
            _ => Ok(None),
        }
    }
}

/// The stretch that an accepted entry belongs to. What changes stretches needs one that is over; what is counted or
/// reported belongs to the nearest.
fn covering<'p>(past: &'p Past, at: Timestamp, deed: &Deed) -> Result<Option<&'p StatusEvent>> {
    let within = |event: &&StatusEvent| event.started_at <= at && event.ended_at.is_none_or(|ended| at < ended);
    let found = past.events.iter().rev().find(within);
    match deed {
        Deed::ChangeStatus(_) | Deed::Bind { .. } | Deed::Unbind => match found {
            Some(event) if event.ended_at.is_some() => Ok(Some(event)),
            Some(_) => refused(
                "The session is in that stretch now, and a decision changes nothing that is live. Edit its time, or wait until the session has ended.",
            ),
            None => {
                refused("It was tapped outside the session's time. Edit its time, or correct the session's end first.")
            }
        },
        Deed::GiveReason { event, .. } => match past.event(*event)? {
            event if event.ended_at.is_some() => Ok(Some(event)),
            _ => refused("The session is in that stretch now: its worker can say why himself."),
        },
        _ => Ok(nearest(past, at)),
    }
}

/// The stretch that a moment lies in, or else the one before it, or the first.
fn nearest(past: &Past, at: Timestamp) -> Option<&StatusEvent> {
    let within = |event: &&StatusEvent| event.started_at <= at && event.ended_at.is_none_or(|ended| at < ended);
    let before = || past.events.iter().rev().find(|event| event.started_at <= at);
    past.events.iter().rev().find(within).or_else(before).or(past.events.first())
}

/// Says which entry of many it was.
fn named(error: StorageError, seq: u64) -> StorageError {
    match error {
        StorageError::Refused(refusal) => {
            let what = format!("Number {seq} can't be accepted: {refusal} Decide about the entries one by one.");
            StorageError::Refused(Refusal::InvalidTransition { what })
        }
        error => error,
    }
}

fn refused<T>(what: &str) -> Result<T> {
    Err(Refusal::InvalidTransition { what: what.to_owned() }.into())
}
