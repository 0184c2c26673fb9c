//! The rules that a browser tells again (`ui/src/state/trade.ts`), by cases that both run: `tests/trade-cases.json`.

use crate::Refusal;
use crate::quantity::{Reason, checked};
use crate::session::fixtures::definition;
use crate::status::{StatusChange, check_note, may_enter};
use crate::{checklist, quantity};
use millrace_protocol::checklist::{Checklist, ChecklistAnswer, ChecklistAnswers, ChecklistValue};
use millrace_protocol::quantity::Quantities;
use millrace_protocol::report::ReportDraft;
use millrace_protocol::status::{Labels, ReasonWanted, ReportType, StatusDefinition};
use millrace_protocol::{Code, ReasonId};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Cases {
    counts: Vec<Count>,
    notes: Vec<Note>,
    statuses: Vec<Entering>,
    checklist: Checklist,
    answers: Vec<Answers>,
}

#[derive(Deserialize)]
struct Count {
    name: String,
    quantities: Quantities,
    code: Option<Code>,
    good: Option<u64>,
    scrap: Option<u64>,
}

#[derive(Deserialize)]
struct Note {
    name: String,
    characters: usize,
    code: Option<Code>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entering {
    name: String,
    reason_wanted: ReasonWanted,
    report_type: ReportType,
    change: Change,
    code: Option<Code>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    reason_id: Option<ReasonId>,
    report: Option<ReportDraft>,
}

#[derive(Deserialize)]
struct Answers {
    name: String,
    given: Option<Given>,
    code: Option<Code>,
}

#[derive(Deserialize)]
struct Given {
    version: u32,
    answers: BTreeMap<String, ChecklistValue>,
}

fn cases() -> Cases {
    serde_json::from_str(include_str!("../../../tests/trade-cases.json")).expect("cases")
}

fn code<T>(outcome: &Result<T, Refusal>) -> Option<Code> {
    outcome.as_ref().err().map(Refusal::code)
}

#[test]
fn counts() {
    assert_eq!(quantity::PIECES_MAX, 1_000_000);
    for Count { name, quantities, code: expected, good, scrap } in cases().counts {
        let reason = quantities.scrap_reason_id.map(|id| Reason { id, labels: Labels::new() });
        let outcome = checked(&quantities, reason);
        assert_eq!(code(&outcome), expected, "{name}");
        let counted = outcome.ok();
        assert_eq!(counted.as_ref().map(|counted| counted.good), good, "{name}");
        assert_eq!(counted.map(|counted| counted.scrap), scrap, "{name}");
    }
}

#[test]
fn notes() {
    for Note { name, characters, code: expected } in cases().notes {
        assert_eq!(code(&check_note(Some(&"ש".repeat(characters)))), expected, "{name}");
    }
}

#[test]
fn entering_a_status() {
    for Entering { name, reason_wanted, report_type, change, code: expected } in cases().statuses {
        let status = StatusDefinition { reason_wanted, report_type, ..definition("stop") };
        let change = StatusChange { reason: change.reason_id, report: change.report, ..StatusChange::to(status.id) };
        assert_eq!(code(&may_enter(&status, &change, true)), expected, "{name}");
    }
}

#[test]
fn answering_a_list() {
    let Cases { checklist: list, answers, .. } = cases();
    for Answers { name, given, code: expected } in answers {
        let given = given.map(|Given { version, answers }| ChecklistAnswers {
            checklist_id: list.id,
            version,
            answers: answers.into_iter().map(|(item_id, value)| ChecklistAnswer { item_id, value }).collect(),
        });
        assert_eq!(code(&checklist::check(&list, None, given.as_ref())), expected, "{name}");
    }
}
