//! First products: asked about while the machine is set up, seen, and mostly approved.

use super::Yard;
use super::dice::MINUTE;
use super::jobs::Work;
use super::place::Held;
use super::sitting::Sitting;
use crate::demo::ADMINISTRATOR;
use millrace_domain::Policy;
use millrace_domain::storage::PastApproval;
use millrace_protocol::ApprovalId;
use millrace_protocol::floor::ApprovalState;
use millrace_protocol::time::Timestamp;

/// Of a thousand first products, so many are refused at first.
const REFUSED: u64 = 150;

/// Why, as a supervisor puts it.
const NOTES: [&str; 3] = ["The bore is 0.03 too wide", "Burr at the edge", "Colour is not that of the sample"];

impl Yard {
    /// Whether the product of this work may be made here now.
    pub(super) fn is_approved(&self, place: usize, work: Work, now: Timestamp) -> bool {
        self.places[place].approval.is_some_and(|held| held.work == work && now < held.until)
    }

    /// Sets up until the first product is approved.
    pub(super) fn approve(&mut self, sitting: &mut Sitting, work: Work) {
        if self.dice.comes(REFUSED) {
            let note = Some((*self.dice.pick(&NOTES)).to_owned());
            self.ask(sitting, work, ApprovalState::Refused, note);
        }
        let number = self.past.approvals.len();
        let decided = self.ask(sitting, work, ApprovalState::Approved, None);
        let until = decided.plus_millis(Policy::signed(Policy::default().approval_ms));
        self.places[sitting.place].approval = Some(Held { work, number, until });
    }

    /// A setup that ends with a decision; when that was.
    fn ask(&mut self, sitting: &mut Sitting, work: Work, state: ApprovalState, note: Option<String>) -> Timestamp {
        let asked_at = sitting.now.plus_millis(self.dice.between(20_000, 2 * MINUTE));
        let seen_at = asked_at.plus_millis(self.dice.between(30_000, 8 * MINUTE));
        let decided_at = seen_at.plus_millis(self.dice.minutes(1, 9));
        self.stretch(sitting, self.statuses.setup, decided_at.plus_millis(20_000), None);
        sitting.is_first = true;
        let facts = self.orders.facts(work);
        self.past.approvals.push(PastApproval {
            id: ApprovalId(self.dice.id(asked_at)),
            state,
            session_id: sitting.id,
            job_item_id: facts.item_id,
            step_id: facts.step_id,
            asked_at,
            seen_at: Some(seen_at),
            seen_by: Some(ADMINISTRATOR.to_owned()),
            escalated_at: None,
            decided_at: Some(decided_at),
            decided_by: Some(ADMINISTRATOR.to_owned()),
            note,
            ended_at: None,
            version: 3,
        });
        decided_at
    }

    /// A setup begins: what was approved at this place is not any more.
    pub(super) fn end_approval(&mut self, place: usize, now: Timestamp) {
        let Some(held) = self.places[place].approval.take() else { return };
        if let Some(approval) = self.past.approvals.get_mut(held.number).filter(|_| now < held.until) {
            approval.ended_at = Some(now);
            approval.version += 1;
        }
    }
}
