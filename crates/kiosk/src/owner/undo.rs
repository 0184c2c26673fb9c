//! Taking back what was tapped last: for ten seconds, as an entry of its own.

use super::Owner;
use crate::engine::CommandError;
use crate::store::{Claim, Entry, Undone};
use crate::view::{UndoKind, UndoOffer};
use millrace_protocol::Code;
use millrace_protocol::session::Session;
use millrace_protocol::time::Timestamp;
use std::time::Duration;

/// For so long it is offered.
const OFFERED: Duration = Duration::from_secs(10);

/// What can be taken back.
pub(super) struct Undoable {
    entry: i64,
    seq: u64,
    kind: UndoKind,
    before: Box<Session>,
    /// On the steady clock.
    pub(super) until: Duration,
    /// On the server's, for the screen.
    shown_until: Timestamp,
}

impl Owner {
    /// What may be taken back from now on, after this entry was saved. `before` is the session as it was shown.
    pub(super) fn offer_undo(&mut self, entry: &Entry, before: Session) {
        let kind = entry.draft.kind;
        if let Some(kind) = UndoKind::of(kind) {
            let millis = i64::try_from(OFFERED.as_millis()).unwrap_or_default();
            self.undoable = Some(Undoable {
                entry: entry.id,
                seq: entry.seq,
                kind,
                before: Box::new(before),
                until: self.clock.monotonic() + OFFERED,
                shown_until: self.server_now().plus_millis(millis),
            });
        } else if kind.settles_the_last() {
            self.undoable = None;
        }
    }

    /// What is taken back.
    pub(super) fn undone(&self, claim: &Claim) -> Result<Undone, CommandError> {
        let now = self.clock.monotonic();
        let over = "There is nothing to take back any more. Put it right with a new entry, or ask your supervisor.";
        self.undoable
            .as_ref()
            .filter(|undoable| now < undoable.until && undoable.before.id == claim.session.id)
            .map(|undoable| Undone { entry: undoable.entry, before: undoable.before.clone() })
            .ok_or_else(|| CommandError::refused(Code::InvalidStatusTransition, over))
    }

    /// What the screen offers to take back.
    pub(super) fn undo_offer(&self) -> Option<UndoOffer> {
        let claim = self.claim.as_ref().filter(|claim| !claim.ending)?;
        let undoable = self.undoable.as_ref().filter(|undoable| undoable.before.id == claim.session.id)?;
        Some(UndoOffer { seq: undoable.seq, kind: undoable.kind, until: undoable.shown_until })
    }
}
