//! What a report says. Its type stays, and so does its state: those have ways of their own.

use super::{By, Decided, Past, refused};
use crate::Refusal;
use crate::quantity::Reason;
use crate::report::DESCRIPTION_MAX;
use crate::session::{Effect, Moment};
use millrace_protocol::amendment::ReportCorrection;
use millrace_protocol::report::Report;
use serde_json::json;

/// A report has another reason or other words. `reason` is the one it names, where the station has it for its type.
///
/// # Errors
/// [`Refusal::ReasonRequired`] for a reason that is not one of the station's, [`Refusal::Invalid`] for words that are
/// too many, [`Refusal::InvalidTransition`] for a report of another session, and where nothing changes.
pub fn report(
    past: &Past,
    correction: &ReportCorrection,
    reason: Option<Reason>,
    by: By<'_>,
    moment: &Moment<'_>,
) -> Result<Decided, Refusal> {
    let old = past.report(correction.report_id)?;
    let mut new =
        Report { changed_at: moment.now, changed_by: by.changed_by(), version: old.version + 1, ..old.clone() };
    if let Some(id) = correction.reason_id {
        let reason = reason.filter(|reason| reason.id == id).ok_or(Refusal::ReasonRequired)?;
        new.reason_id = Some(reason.id);
        new.reason_labels = Some(reason.labels);
    }
    if let Some(text) = &correction.description {
        if text.contains('\0') || text.chars().count() > DESCRIPTION_MAX {
            let what = format!("A description has at most {DESCRIPTION_MAX} characters, and no NUL. Change it.");
            return Err(Refusal::Invalid { what });
        }
        new.description = Some(text.clone()).filter(|text| !text.trim().is_empty());
    }
    if (new.reason_id, &new.description) == (old.reason_id, &old.description) {
        return refused("This report says so already. Nothing is to be corrected.");
    }
    let said = |report: &Report| json!({ "reasonId": report.reason_id, "description": report.description });
    Ok(Decided {
        subject: old.id.0,
        old: said(old),
        new: said(&new),
        effects: vec![Effect::Report { old: Some(Box::new(old.clone())), new: Box::new(new), kiosk: None }],
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::ended_past;
    use super::*;
    use crate::Policy;
    use crate::quantity::Counted;
    use crate::session::fixtures::{FixedChance, at, id};
    use millrace_protocol::ReasonId;
    use millrace_protocol::status::Labels;

    #[test]
    fn words_and_reason_change_and_the_type_stays() {
        let policy = Policy::default();
        let moment = Moment { now: at(1_000), chance: &FixedChance, policy: &policy };
        let mut past = ended_past();
        let counted = Counted { good: 0, scrap: 2, counter: None, reason: None, note: Some("bent".into()) };
        past.reports.extend(crate::report::of_scrap(&past.session, &past.events[1], &counted, at(200), &moment));
        let ask = |reason_id, description: Option<&str>| ReportCorrection {
            report_id: past.reports[0].id,
            reason_id,
            description: description.map(str::to_owned),
        };
        let correct = |ask: ReportCorrection, reason| {
            report(&past, &ask, reason, By::User { name: "boss", why: "looked at it" }, &moment)
        };
        let cracked = Reason { id: ReasonId(id(9)), labels: Labels::new() };
        assert_eq!(correct(ask(Some(cracked.id), None), None).err(), Some(Refusal::ReasonRequired));
        assert!(correct(ask(None, Some("bent")), None).is_err(), "it says so already");
        assert!(correct(ask(None, Some(&"x".repeat(DESCRIPTION_MAX + 1))), None).is_err());
        let decided = correct(ask(Some(cracked.id), Some("cracked")), Some(cracked.clone())).expect("corrects");
        let [Effect::Report { new, .. }] = decided.effects.as_slice() else { panic!("one report") };
        assert_eq!((new.reason_id, new.description.as_deref()), (Some(cracked.id), Some("cracked")));
        assert_eq!(
            (new.kind, new.state, new.changed_by.as_deref()),
            (past.reports[0].kind, past.reports[0].state, Some("boss"))
        );
    }
}
