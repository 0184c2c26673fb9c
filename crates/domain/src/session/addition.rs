//! What an action adds to a session besides its status: pieces counted, reports made.

use super::{Effect, Effects, Moment, changed};
use crate::quantity::{self, Counted};
use crate::report::{self, Filed};
use millrace_protocol::KioskId;
use millrace_protocol::quantity::{EntryKind, QuantityEntry};
use millrace_protocol::report::{Report, ReportKind};
use millrace_protocol::session::{Contact, Session};
use millrace_protocol::status::StatusEvent;
use millrace_protocol::time::Timestamp;

/// What was checked and is to be added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// Pieces.
    pub counted: Option<Counted>,
    /// A report.
    pub filed: Option<Filed>,
    /// The kiosk it comes from.
    pub kiosk: Option<KioskId>,
    /// Production that this count is not about stays uncounted: see [`super::uncounted`].
    pub others_missing: bool,
}

/// What was added: rows, and what they change in the session's totals.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Added {
    /// The ledger's entry.
    pub entry: Option<QuantityEntry>,
    /// The report the worker made, and the one that scrap makes.
    pub reports: Vec<Report>,
    kiosk: Option<KioskId>,
    others_missing: bool,
}

/// Adds pieces to the stretch they were made in, and a report to the stretch it is about.
#[must_use]
pub fn add(
    session: &Session,
    made_in: &StatusEvent,
    about: &StatusEvent,
    extras: &Extras,
    kind: EntryKind,
    at: Timestamp,
    moment: &Moment<'_>,
) -> Added {
    let entry = extras.counted.as_ref().map(|counted| quantity::entry(made_in, counted, kind, at, moment));
    let scrap = extras.counted.as_ref().and_then(|counted| report::of_scrap(session, made_in, counted, at, moment));
    let filed = extras.filed.as_ref().map(|filed| report::filed(session, about, filed, at, moment));
    Added {
        entry,
        reports: filed.into_iter().chain(scrap).collect(),
        kiosk: extras.kiosk,
        others_missing: extras.others_missing,
    }
}

impl Added {
    /// Adds it to the session's totals. Once what was missing is counted, none are.
    pub fn tally(&self, session: &mut Session) {
        if let Some(entry) = &self.entry {
            session.totals.good = session.totals.good.saturating_add_signed(entry.good);
            session.totals.scrap = session.totals.scrap.saturating_add_signed(entry.scrap);
            session.count_missing &= self.others_missing;
        }
        let malfunctions = self.reports.iter().filter(|report| report.kind == ReportKind::Malfunction).count();
        session.malfunction_count += u32::try_from(malfunctions).unwrap_or(u32::MAX);
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entry.is_none() && self.reports.is_empty()
    }

    /// Its rows. The stretches they name have to be written before.
    #[must_use]
    pub fn effects(&self) -> Effects {
        let frozen = self
            .entry
            .as_ref()
            .and_then(|entry| entry.job_item_id.map(|item| Effect::Freeze { item, at: entry.occurred_at }));
        let counted = self.entry.iter().map(|entry| Effect::Count(Box::new(entry.clone())));
        let reports = self.reports.iter().map(|report| Effect::Report {
            old: None,
            new: Box::new(report.clone()),
            kiosk: self.kiosk,
        });
        frozen.into_iter().chain(counted).chain(reports).collect()
    }
}

/// Adds to a session that is open: its kiosk is heard, and the worker is there.
#[must_use]
pub fn add_live(session: &Session, added: &Added) -> (Session, Effects) {
    let (updated, session) = changed(session, |session| {
        added.tally(session);
        here(session);
    });
    (session, [vec![updated], added.effects()].concat())
}

/// Adds to a session in history: totals grow, status and contact stay as they are. `is_left` says that production ended
/// there: its pieces are counted now, or missing.
#[must_use]
pub fn add_late(session: &Session, added: &Added, is_left: bool) -> Effects {
    let is_uncounted = is_left && added.entry.is_none();
    if added.is_empty() && (!is_uncounted || session.count_missing) {
        return vec![];
    }
    let (updated, _) = changed(session, |session| {
        session.count_missing |= is_uncounted;
        added.tally(session);
    });
    [vec![updated], added.effects()].concat()
}

/// An action is contact, and a hand at the kiosk.
pub(crate) fn here(session: &mut Session) {
    session.contact = Contact::Online;
    session.last_contact_at = None;
    session.asked_at = None;
    session.untouched_since = None;
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{FixedChance, at, id, live};
    use super::*;
    use crate::Policy;
    use crate::quantity::Reason;
    use millrace_protocol::ReasonId;
    use millrace_protocol::report::ReportState;
    use millrace_protocol::status::Labels;

    fn counted(good: u64, scrap: u64) -> Extras {
        let reason = Some(Reason { id: ReasonId(id(1)), labels: Labels::new() });
        let counted = Counted { good, scrap, counter: None, reason, note: None };
        Extras { counted: Some(counted), ..Extras::default() }
    }

    fn added(extras: &Extras) -> Added {
        let (live, policy) = (live(), Policy::default());
        let moment = Moment { now: at(10), chance: &FixedChance, policy: &policy };
        add(&live.session, &live.event, &live.event, extras, EntryKind::Count, at(9), &moment)
    }

    #[test]
    fn counts_add_up_and_scrap_makes_a_report() {
        let (session, effects) = add_live(&live().session, &added(&counted(5, 2)));
        assert_eq!((session.totals.good, session.totals.scrap), (5, 2));
        let (session, _) = add_live(&session, &added(&counted(3, 0)));
        assert_eq!((session.totals.good, session.totals.scrap), (8, 2));
        let report = effects.iter().find_map(|effect| match effect {
            Effect::Report { new, .. } => Some(new),
            _ => None,
        });
        let report = report.expect("a scrap report");
        assert_eq!((report.kind, report.state, report.scrap), (ReportKind::Scrap, ReportState::New, 2));
        assert!(added(&counted(3, 0)).reports.is_empty(), "good pieces make none");
    }

    #[test]
    fn what_comes_late_counts_and_does_not_touch_status_or_contact() {
        let mut ended = live().session;
        ended.contact = Contact::Lost;
        ended.count_missing = true;
        let effects = add_late(&ended, &added(&counted(4, 0)), true);
        let Some(Effect::Session { new, .. }) = effects.first() else { panic!("the session changes") };
        assert_eq!((new.totals.good, new.contact, new.count_missing), (4, Contact::Lost, false));
        let of_another_item = Extras { others_missing: true, ..counted(4, 0) };
        let effects = add_late(&ended, &added(&of_another_item), true);
        assert!(matches!(&effects[0], Effect::Session { new, .. } if new.count_missing), "still missing");
        assert_eq!(new.current_status_id, ended.current_status_id);
        ended.count_missing = false;
        assert!(add_late(&ended, &Added::default(), false).is_empty());
        let effects = add_late(&ended, &Added::default(), true);
        assert!(
            matches!(&effects[..], [Effect::Session { new, .. }] if new.count_missing),
            "nobody counted what it made"
        );
    }
}
