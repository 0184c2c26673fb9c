//! Reports, and what became of them: most are settled, some are fresh, and one malfunction has been open for two
//! weeks, as there is one on every floor.

use super::Yard;
use super::dice::{Dice, MINUTE};
use super::sitting::Sitting;
use crate::demo::{ADMINISTRATOR, people};
use millrace_domain::storage::{History, PastReport, PastReportChange};
use millrace_protocol::report::{ReportKind, ReportState};
use millrace_protocol::time::Timestamp;
use millrace_protocol::{ReasonId, ReportId};

const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// What is no older than this when the last report is made may still wait for somebody to look at it.
const FRESH: i64 = DAY;
/// A malfunction that is no older than this may still be waiting for a part.
const YOUNG: i64 = 9 * DAY;
/// The one that stays open is about so old.
const OLD: i64 = 14 * DAY;

/// What workers write about malfunctions, in their language.
const WORDS: [(&str, &str); 10] = [
    ("en", "Oil under the unit, pressure drops"),
    ("en", "Does not leave its reference position"),
    ("en", "Trips the breaker when it starts"),
    ("he", "רעש חזק מההנעה"),
    ("he", "החיישן לא מזהה חלק"),
    ("ru", "Ось X не выходит в ноль"),
    ("ru", "Утечка воздуха у клапана"),
    ("ar", "المحرك يتوقف بعد دقيقة"),
    ("ar", "تسرب زيت من الأسطوانة"),
    ("en", "Door switch fails now and then"),
];

/// A state a report came to: which, when, who brought it there, and what he wrote.
type Turn = (ReportState, Timestamp, String, Option<&'static str>);

impl Yard {
    /// Reports something about the stretch just ended.
    pub(super) fn report(
        &mut self,
        sitting: &mut Sitting,
        kind: ReportKind,
        reason: Option<ReasonId>,
        words: Option<&str>,
        scrap: u64,
    ) {
        let Some(event) = self.past.events.last() else { return };
        // Scrap is counted at a stretch's end; the others are reported as it begins.
        let at = if kind == ReportKind::Scrap { event.ended_at } else { event.started_at };
        let state = if kind == ReportKind::Malfunction { ReportState::Open } else { ReportState::New };
        let (status_event_id, job_item_id, over) = (event.id, event.job_item_id, event.ended_at);
        self.past.reports.push(PastReport {
            id: ReportId(self.dice.id(at)),
            kind,
            state,
            session_id: sitting.id,
            status_event_id,
            job_item_id,
            reason_id: reason,
            description: words.map(ToOwned::to_owned),
            scrap,
            kiosk_id: self.places[sitting.place].kiosk,
            occurred_at: at,
            changed_at: at,
            changed_by: None,
            version: 1,
        });
        self.told.push(Told { by: people::worker(sitting.worker).name, over, withdrawn: None });
    }

    pub(super) fn report_malfunction(&mut self, sitting: &mut Sitting) {
        let reason = *self.dice.pick(&self.places[sitting.place].malfunctions);
        let language = people::worker(sitting.worker).language;
        let words: Vec<&str> = WORDS.iter().filter(|(of, _)| *of == language).map(|(_, words)| *words).collect();
        let words = *self.dice.pick(&words);
        self.report(sitting, ReportKind::Malfunction, Some(reason), Some(words), 0);
        sitting.malfunctions += 1;
    }

    /// The report just made belonged to a count that is taken back.
    pub(super) fn withdraw_last(&mut self, made: Timestamp, at: Timestamp) {
        if let (Some(report), Some(told)) = (self.past.reports.last_mut(), self.told.last_mut()) {
            report.occurred_at = made;
            report.changed_at = made;
            told.withdrawn = Some(at);
        }
    }
}

/// What a report does not say itself.
#[derive(Debug)]
pub(super) struct Told {
    /// Who made it.
    by: String,
    /// When what it is about was over.
    over: Timestamp,
    /// When the worker took it back.
    withdrawn: Option<Timestamp>,
}

/// Lets every report come to where it stands when today begins.
pub(super) fn settle(past: &mut History, told: &[Told], now: Timestamp, dice: &mut Dice) {
    let of = |kind: ReportKind| past.reports.iter().filter(move |report| report.kind == kind);
    let age = |report: &PastReport| (now.millis_since(report.occurred_at) - OLD).abs();
    let old = of(ReportKind::Malfunction).min_by_key(|report| age(report)).map(|report| report.id);
    let newest = [ReportKind::Malfunction, ReportKind::General, ReportKind::Scrap]
        .map(|kind| of(kind).max_by_key(|report| report.occurred_at).map(|report| report.id));
    let last = past.reports.iter().map(|report| report.occurred_at).max().unwrap_or(now);
    let mut malfunctions = 0;
    for (report, told) in past.reports.iter_mut().zip(told) {
        let is_left = Some(report.id) == old || newest.contains(&Some(report.id));
        let is_fresh = last.millis_since(report.occurred_at) < FRESH;
        malfunctions += usize::from(report.kind == ReportKind::Malfunction);
        let turns = match (report.kind, told.withdrawn) {
            (_, Some(at)) => vec![(ReportState::Withdrawn, at, told.by.clone(), None)],
            (_, None) if is_left => Vec::new(),
            (ReportKind::Malfunction, None) => {
                let is_young = now.millis_since(report.occurred_at) < YOUNG;
                malfunction(report.occurred_at, told.over, malfunctions, is_young, dice)
            }
            (ReportKind::General | ReportKind::Scrap, None) if is_fresh && dice.comes(600) => Vec::new(),
            (ReportKind::General | ReportKind::Scrap, None) => {
                let seen = report.occurred_at.plus_millis(dice.minutes(20, 18 * 60));
                vec![(ReportState::Approved, seen, ADMINISTRATOR.to_owned(), None)]
            }
        };
        let made = (report.state, report.occurred_at, told.by.clone(), None);
        let all = std::iter::once(made).chain(turns).filter(|(_, at, ..)| *at < now);
        for ((state, at, actor, note), version) in all.zip(1..) {
            let is_his = version == 1 || state == ReportState::Withdrawn;
            report.changed_by = (!is_his).then(|| actor.clone());
            (report.state, report.changed_at, report.version) = (state, at, version);
            let note = note.map(ToOwned::to_owned);
            past.report_changes.push(PastReportChange { report_id: report.id, version, state, actor, note, at });
        }
    }
}

/// Known, solved, and now and then opened again.
fn malfunction(at: Timestamp, over: Timestamp, number: usize, is_young: bool, dice: &mut Dice) -> Vec<Turn> {
    use ReportState::{Known, Open, Solved};
    let who = || ADMINISTRATOR.to_owned();
    let looked = at.plus_millis(over.millis_since(at) * dice.between(100, 500) / 1_000);
    let (known, solved) = ((Known, looked, who(), None), (Solved, over, who(), None));
    match number % 6 {
        // It runs, but a part is on its way.
        3 if is_young => vec![(Known, looked, who(), Some("Runs for now, spare part ordered"))],
        4 => vec![
            known,
            solved,
            (Open, over.plus_millis(2 * HOUR), who(), Some("It is there again")),
            (Solved, over.plus_millis(2 * HOUR + dice.minutes(30, 240)), who(), Some("Replaced")),
        ],
        0 => vec![solved],
        _ => vec![known, solved],
    }
}
