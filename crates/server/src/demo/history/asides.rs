//! What goes on beside the machines: checklists, calls to the supervisor, corrections, and an action that came too late.

use super::Yard;
use super::dice::MINUTE;
use super::sitting::{Sit, Sitting};
use crate::demo::{ADMINISTRATOR, orders, plan};
use millrace_domain::action::QuarantineReason;
use millrace_domain::storage::{PastAmendment, PastAnswers, PastCall, PastEntry, PastQuarantine};
use millrace_protocol::checklist::{ChecklistAnswer, ChecklistMoment, ChecklistValue};
use millrace_protocol::floor::CallState;
use millrace_protocol::quantity::EntryKind;
use millrace_protocol::session::CloseReason;
use millrace_protocol::time::Timestamp;
use millrace_protocol::{AmendmentId, CallId, QuantityEntryId, QuarantineId};
use serde_json::json;

const HOUR: i64 = 60 * MINUTE;
/// One session in so many has a call.
const CALLS: usize = 17;
/// A call that nobody has seen for so long is raised.
const UNSEEN: i64 = 5 * MINUTE;
/// How many counts are corrected, and by how many pieces.
const CORRECTED: usize = 3;
const TWICE: i64 = 8;

const NOTES: [Option<&str>; 4] = [None, Some("Material is short"), Some("Please look at the surface"), None];

impl Yard {
    /// The list of the beginning, where the station has one.
    pub(super) fn answer_start(&mut self, sitting: &Sitting) {
        let grams = self.dice.count(0, 4);
        let answers = vec![
            answer("guards", ChecklistValue::Check(true)),
            answer("scale", ChecklistValue::Number(f64::from(u32::try_from(grams).unwrap_or_default()))),
        ];
        self.answer(sitting, ChecklistMoment::Start, 0, answers, sitting.now);
    }

    /// The list of the end; who does not end it himself answers nothing.
    pub(super) fn answer_end(&mut self, sitting: &Sitting, sit: &Sit) {
        if sit.end == CloseReason::Completed {
            let answers = vec![answer("clean", ChecklistValue::Check(true))];
            self.answer(sitting, ChecklistMoment::End, 1, answers, sitting.until);
        }
    }

    fn answer(
        &mut self,
        sitting: &Sitting,
        moment: ChecklistMoment,
        list: usize,
        answers: Vec<ChecklistAnswer>,
        at: Timestamp,
    ) {
        if self.places[sitting.place].number == plan::ALONE {
            let checklist_id = orders::checklists()[list].id;
            self.past.answers.push(PastAnswers { session_id: sitting.id, moment, checklist_id, answers, at });
        }
    }

    /// Calls: most are seen and done, some taken back, some seen late, and the last one is still being seen to.
    pub(super) fn call(&mut self) {
        let calling =
            self.past.sessions.iter().filter(|session| session.ended_at.millis_since(session.started_at) > HOUR);
        let calling: Vec<_> = calling.step_by(CALLS).map(|session| (session.id, session.started_at)).collect();
        let many = calling.len();
        for (number, (session_id, started)) in calling.into_iter().enumerate() {
            let made_at = started.plus_millis(self.dice.minutes(10, 40));
            let waits = if number % 8 == 5 { self.dice.minutes(6, 11) } else { self.dice.between(20_000, UNSEEN) };
            let (seen, over) = (made_at.plus_millis(waits), made_at.plus_millis(waits + self.dice.minutes(2, 9)));
            let state = match number {
                last if last + 1 == many => CallState::Seen,
                some if some % 7 == 3 => CallState::Cancelled,
                _ => CallState::Done,
            };
            let is_seen = state != CallState::Cancelled;
            self.past.calls.push(PastCall {
                id: CallId(self.dice.id(made_at)),
                state,
                session_id,
                note: self.dice.pick(&NOTES).map(ToOwned::to_owned),
                made_at,
                seen_at: is_seen.then_some(seen),
                seen_by: is_seen.then(|| ADMINISTRATOR.to_owned()),
                escalated_at: (is_seen && waits > UNSEEN).then(|| made_at.plus_millis(UNSEEN)),
                ended_at: match state {
                    CallState::Done => Some(over),
                    CallState::Cancelled => Some(seen),
                    CallState::Open | CallState::Seen => None,
                },
                version: if state == CallState::Done { 3 } else { 2 },
            });
        }
    }

    /// Some pieces were counted twice; the supervisor took them out days later.
    pub(super) fn correct(&mut self, now: Timestamp) {
        let is_meant = |entry: &&PastEntry| {
            let age = now.millis_since(entry.occurred_at);
            entry.kind == EntryKind::Count
                && entry.good > 4 * TWICE
                && entry.scrap == 0
                && (80 * HOUR..260 * HOUR).contains(&age)
        };
        // Only where nothing comes after it, or the next station would have had pieces that never were.
        let ends = |entry: &&PastEntry| self.orders.is_terminal(entry.step_id);
        let found: Vec<PastEntry> = self.past.entries.iter().filter(is_meant).filter(ends).cloned().collect();
        for entry in found.iter().step_by(found.len() / CORRECTED + 1) {
            let at = entry.occurred_at.plus_millis(20 * HOUR + self.dice.minutes(0, 60));
            let Some(session) = self.past.sessions.iter_mut().find(|session| session.id == entry.session_id) else {
                continue;
            };
            session.total_good = session.total_good.saturating_add_signed(-TWICE);
            session.version += 1;
            self.past.entries.push(PastEntry {
                id: QuantityEntryId(self.dice.id(at)),
                good: -TWICE,
                kind: EntryKind::Correction,
                corrects_id: Some(entry.id),
                occurred_at: at,
                at,
                ..entry.clone()
            });
            self.past.amendments.push(PastAmendment {
                id: AmendmentId(self.dice.id(at)),
                kind: "count",
                session_id: entry.session_id,
                subject_id: entry.id.0,
                old: json!({"good": entry.good, "scrap": entry.scrap}),
                new: json!({"good": entry.good - TWICE, "scrap": entry.scrap}),
                reason: "One container was counted twice".to_owned(),
                actor: ADMINISTRATOR.to_owned(),
                at,
            });
        }
    }

    /// A change of status that a tablet without network kept until its session was over.
    pub(super) fn quarantine(&mut self, now: Timestamp) {
        let is_old = |at: Timestamp| now.millis_since(at) > 60 * HOUR;
        let of_tablet = |kiosk| self.tablets.iter().find(|tablet| tablet.id == kiosk);
        let found = self.past.sessions.iter().rev().filter(|session| is_old(session.ended_at)).find_map(|session| {
            let claim = self.past.claims.iter().rev().find(|claim| claim.session_id == session.id)?;
            Some((session, claim, of_tablet(claim.kiosk_id)?))
        });
        let Some((session, claim, tablet)) = found else { return };
        let (occurred_at, at) = (session.ended_at.plus_millis(4 * MINUTE), session.ended_at.plus_millis(14 * HOUR));
        let body = json!({
            "sessionId": session.id,
            "statusDefinitionId": self.statuses.cleaning,
            "action": {
                "seq": tablet.last_seq, "instanceId": claim.instance_id, "epoch": claim.epoch,
                "occurredAt": occurred_at, "clock": "synced",
            },
        });
        let (kiosk_id, seq, session_id) = (tablet.id, tablet.last_seq, session.id);
        self.past.quarantine.push(PastQuarantine {
            id: QuarantineId(self.dice.id(at)),
            kiosk_id,
            seq,
            session_id,
            path: "/api/status-events".to_owned(),
            body,
            reason: QuarantineReason::OutsideEpoch,
            occurred_at,
            at,
        });
    }
}

fn answer(item: &str, value: ChecklistValue) -> ChecklistAnswer {
    ChecklistAnswer { item_id: item.to_owned(), value }
}
