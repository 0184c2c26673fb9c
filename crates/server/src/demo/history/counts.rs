//! Pieces: entries of the ledger, the scrap reports that come with them, and now and then one taken back at once.

use super::Yard;
use super::sitting::Sitting;
use millrace_domain::storage::PastEntry;
use millrace_protocol::QuantityEntryId;
use millrace_protocol::quantity::EntryKind;
use millrace_protocol::report::ReportKind;

/// Of a thousand counts, so many have scrap.
const SCRAP: u64 = 45;
/// So many of the first ones after a setup.
const STARTING: u64 = 240;
/// One count in so many is mistyped and taken back.
const MISTYPED: usize = 900;

/// What a count is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    pub(super) pieces: u64,
    pub(super) kind: EntryKind,
    /// Whether the machine had just been set up.
    pub(super) is_first: bool,
}

impl Yard {
    /// Counts what the stretch just ended has made.
    pub(super) fn count(&mut self, sitting: &mut Sitting, count: Count) {
        let (Some(work), Some(event)) = (self.places[sitting.place].work, self.past.events.last()) else { return };
        let (event_id, from, at) = (event.id, event.started_at, event.ended_at);
        if count.pieces == 0 {
            return;
        }
        let facts = self.orders.facts(work);
        let entry = PastEntry {
            id: QuantityEntryId(self.dice.id(at)),
            session_id: sitting.id,
            status_event_id: event_id,
            job_item_id: facts.item_id,
            step_id: facts.step_id,
            good: 0,
            scrap: 0,
            scrap_reason_id: None,
            note: None,
            kind: count.kind,
            corrects_id: None,
            occurred_at: at,
            at,
        };
        if self.past.entries.len() % MISTYPED == MISTYPED - 1 && at.millis_since(from) > 120_000 {
            self.mistype(sitting, &entry, count.pieces);
        }
        let chance = if count.is_first { STARTING } else { SCRAP };
        let scrap = if self.dice.comes(chance) { self.dice.count(1, 4).min(count.pieces) } else { 0 };
        // The one before the last: what a start-up costs.
        let reasons = &self.places[sitting.place].scrap;
        let reason = if count.is_first { reasons[reasons.len() - 2] } else { *self.dice.pick(reasons) };
        let reason = (scrap > 0).then_some(reason);
        let good = count.pieces - scrap;
        self.enter(
            sitting,
            PastEntry { good: good.cast_signed(), scrap: scrap.cast_signed(), scrap_reason_id: reason, ..entry },
        );
        if scrap > 0 {
            self.report(sitting, ReportKind::Scrap, reason, None, scrap);
        }
    }

    /// Counts in the middle of a stretch what was typed wrongly, and takes it back within ten seconds.
    fn mistype(&mut self, sitting: &mut Sitting, entry: &PastEntry, pieces: u64) {
        let at = entry.occurred_at.plus_millis(-60_000);
        let scrap = pieces.min(12);
        let reason = self.places[sitting.place].scrap.first().copied();
        let wrong = PastEntry {
            id: QuantityEntryId(self.dice.id(at)),
            good: 0,
            scrap: scrap.cast_signed(),
            scrap_reason_id: reason,
            kind: EntryKind::Count,
            occurred_at: at,
            at,
            ..entry.clone()
        };
        let back = at.plus_millis(6_000);
        let undone = PastEntry {
            id: QuantityEntryId(self.dice.id(back)),
            scrap: -wrong.scrap,
            scrap_reason_id: None,
            kind: EntryKind::Undo,
            corrects_id: Some(wrong.id),
            occurred_at: back,
            at: back,
            ..wrong.clone()
        };
        self.enter(sitting, wrong);
        self.report(sitting, ReportKind::Scrap, reason, None, scrap);
        self.withdraw_last(at, back);
        self.enter(sitting, undone);
    }

    /// Puts an entry into the ledger, the order book and the session's totals.
    pub(super) fn enter(&mut self, sitting: &mut Sitting, entry: PastEntry) {
        if let Some(work) = self.places[sitting.place].work {
            self.orders.book(work, entry.occurred_at, entry.good, entry.scrap);
        }
        sitting.good += entry.good;
        sitting.scrap += entry.scrap;
        sitting.changes += 1;
        self.past.entries.push(entry);
    }
}
