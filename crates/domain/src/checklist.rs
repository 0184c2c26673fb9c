//! Checklists: what makes a good one, and whether one was answered.

use crate::status::NOTE_MAX;
use crate::{Refusal, labels, text};
use millrace_protocol::ChecklistId;
use millrace_protocol::checklist::{
    Checklist, ChecklistAnswer, ChecklistAnswers, ChecklistDraft, ChecklistItem, ChecklistItemKind, ChecklistValue,
};
use std::collections::BTreeSet;

/// The most items of a list.
pub const ITEMS_MAX: usize = 50;
/// The longest id of an item, in characters.
const ITEM_ID_MAX: usize = 40;

/// Answers that were taken, as they are kept with the session.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The list.
    pub checklist_id: ChecklistId,
    /// The version the worker had before him.
    pub version: u32,
    /// The items of that version: what he read when he answered.
    pub items: Vec<ChecklistItem>,
    /// What he answered.
    pub answers: Vec<ChecklistAnswer>,
}

/// Whether a list was answered. No answers at all will do where nothing is required.
///
/// A kiosk without the server may have asked an older version; `asked` are the items of the one that was answered, where
/// they are known. Its answers are judged by what they answered, and kept with it; they are taken when they have all
/// that is required now. Items that were struck out since stay among them.
///
/// # Errors
/// [`Refusal::ChecklistRequired`] with the list in force, and the items that are missing or don't fit.
pub fn check(
    list: &Checklist,
    asked: Option<&[ChecklistItem]>,
    given: Option<&ChecklistAnswers>,
) -> Result<Kept, Refusal> {
    let refused = |what: String, items: Vec<String>| {
        Err(Refusal::ChecklistRequired { what, list: Box::new(list.clone()), items })
    };
    let (version, answers) = match given {
        None => (list.version, &[][..]),
        Some(given) if given.checklist_id != list.id || !(1..=list.version).contains(&given.version) => {
            let what = "The station has another checklist by now. Answer the one that comes with this.".into();
            return refused(what, Vec::new());
        }
        Some(given) => (given.version, &given.answers[..]),
    };
    let wrong: Vec<String> = misfits(list, asked, version, answers);
    if !wrong.is_empty() {
        let what = format!("Answers that don't fit the checklist: {}. Answer these items anew.", wrong.join(", "));
        return refused(what, wrong);
    }
    let answers_it = |item: &ChecklistItem, answer: &ChecklistAnswer| {
        answer.item_id == item.id && kind(&answer.value) == item.kind && says(&answer.value)
    };
    let missing: Vec<String> = list
        .items
        .iter()
        .filter(|item| item.required && !answers.iter().any(|answer| answers_it(item, answer)))
        .map(|item| item.id.clone())
        .collect();
    if !missing.is_empty() {
        let what = format!("The checklist is not done: {} of its items are missing. Answer them.", missing.len());
        return refused(what, missing);
    }
    let items = asked.unwrap_or(&list.items).to_vec();
    Ok(Kept { checklist_id: list.id, version, items, answers: answers.to_vec() })
}

/// The ids of answers that don't belong to the list, come twice, or are not of their item's kind.
fn misfits(
    list: &Checklist,
    asked: Option<&[ChecklistItem]>,
    version: u32,
    answers: &[ChecklistAnswer],
) -> Vec<String> {
    let is_known = asked.is_some() || version == list.version;
    let items = asked.unwrap_or(&list.items);
    let mut seen = BTreeSet::new();
    let mut wrong = BTreeSet::new();
    for ChecklistAnswer { item_id, value } in answers {
        let item = items.iter().find(|item| item.id == *item_id);
        let fits = match (item, value) {
            // Too long or unkeepable, whatever it answers.
            (_, ChecklistValue::Text(words)) if words.chars().count() > NOTE_MAX || words.contains('\0') => false,
            (Some(item), value) => kind(value) == item.kind,
            // It may have been in the version that was asked; what could never have been is not.
            (None, _) => !is_known && is_item_id(item_id) && answers.len() <= 2 * ITEMS_MAX,
        };
        if !fits || !seen.insert(item_id) {
            // What is not an id of ours is not given back at length.
            wrong.insert(item_id.chars().take(ITEM_ID_MAX).collect());
        }
    }
    wrong.into_iter().collect()
}

fn kind(value: &ChecklistValue) -> ChecklistItemKind {
    match value {
        ChecklistValue::Check(_) => ChecklistItemKind::Check,
        ChecklistValue::Number(_) => ChecklistItemKind::Number,
        ChecklistValue::Text(_) => ChecklistItemKind::Text,
    }
}

/// Whether something is said by it: a tick that is not set says nothing.
fn says(value: &ChecklistValue) -> bool {
    match value {
        ChecklistValue::Check(set) => *set,
        ChecklistValue::Number(_) => true,
        ChecklistValue::Text(words) => !words.trim().is_empty(),
    }
}

/// A draft as it is stored: texts trimmed, blank labels left out.
///
/// # Errors
/// [`Refusal::Invalid`] saying what is wrong with it.
pub fn draft(draft: &ChecklistDraft) -> Result<ChecklistDraft, Refusal> {
    let name = text::line("The name", &draft.name, text::NAME_MAX)?;
    if !(1..=ITEMS_MAX).contains(&draft.items.len()) {
        return Err(Refusal::Invalid { what: format!("A checklist has 1 to {ITEMS_MAX} items. Change it.") });
    }
    let mut ids = BTreeSet::new();
    let mut items = Vec::with_capacity(draft.items.len());
    for item in &draft.items {
        if !is_item_id(&item.id) {
            let what =
                format!("The id of an item is 1 to {ITEM_ID_MAX} letters, digits, `-` or `_`. Change `{}`.", item.id);
            return Err(Refusal::Invalid { what });
        }
        if !ids.insert(item.id.clone()) {
            let what = format!("Two items have the id `{}`. Give each its own.", item.id);
            return Err(Refusal::Invalid { what });
        }
        items.push(ChecklistItem { labels: labels::labels(&item.labels)?, ..item.clone() });
    }
    Ok(ChecklistDraft { name, items, active: draft.active })
}

fn is_item_id(id: &str) -> bool {
    (1..=ITEM_ID_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fixtures::id;
    use ChecklistItemKind::{Check, Number, Text};
    use ChecklistValue as Value;

    fn item(id: &str, kind: ChecklistItemKind, required: bool) -> ChecklistItem {
        ChecklistItem { id: id.into(), labels: [("en".into(), id.into())].into(), kind, required }
    }

    /// Guard (tick), pressure (number), lot (words); all required. Remark (words) is not.
    fn list() -> Checklist {
        Checklist {
            id: ChecklistId(id(1)),
            name: "Start".into(),
            items: vec![
                item("guard", Check, true),
                item("pressure", Number, true),
                item("lot", Text, true),
                item("remark", Text, false),
            ],
            active: true,
            version: 3,
        }
    }

    fn answers(version: u32, answers: &[(&str, Value)]) -> ChecklistAnswers {
        let answers = answers.iter().cloned();
        ChecklistAnswers {
            checklist_id: list().id,
            version,
            answers: answers.map(|(item, value)| ChecklistAnswer { item_id: item.into(), value }).collect(),
        }
    }

    fn done() -> Vec<(&'static str, Value)> {
        vec![("guard", Value::Check(true)), ("pressure", Value::Number(5.5)), ("lot", Value::Text("A7".into()))]
    }

    fn with(changed: &'static str, value: Value) -> ChecklistAnswers {
        let mut given: Vec<_> = done().into_iter().filter(|(item, _)| *item != changed).collect();
        given.push((changed, value));
        answers(3, &given)
    }

    fn refused(given: Option<&ChecklistAnswers>) -> Vec<String> {
        match check(&list(), None, given) {
            Err(Refusal::ChecklistRequired { items, list: said, .. }) => {
                assert_eq!(*said, list(), "the list in force comes with it");
                items
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_required_is_required_and_the_rest_is_not() {
        let kept = check(&list(), None, Some(&answers(3, &done()))).expect("done");
        assert_eq!((kept.version, kept.items.len(), kept.answers.len()), (3, 4, 3));
        for (n, name) in ["guard", "pressure", "lot"].into_iter().enumerate() {
            let mut given = done();
            given.remove(n);
            assert_eq!(refused(Some(&answers(3, &given))), [name]);
        }
        assert_eq!(refused(None), ["guard", "pressure", "lot"]);
    }

    #[test]
    fn a_tick_has_to_be_set_and_words_have_to_be_there() {
        assert_eq!(refused(Some(&with("guard", Value::Check(false)))), ["guard"]);
        assert_eq!(refused(Some(&with("lot", Value::Text(" \n".into())))), ["lot"]);
        assert!(check(&list(), None, Some(&with("pressure", Value::Number(0.0)))).is_ok(), "0 is a number");
    }

    #[test]
    fn answers_are_of_their_items_kind_and_fit() {
        for (item, wrong) in [
            ("guard", Value::Text("yes".into())),
            ("pressure", Value::Text("5.5".into())),
            ("lot", Value::Number(7.0)),
            ("lot", Value::Text("x".repeat(NOTE_MAX + 1))),
            ("lot", Value::Text("a\0".into())),
            ("nobody", Value::Check(true)),
        ] {
            assert_eq!(refused(Some(&with(item, wrong))), [item]);
        }
        assert!(
            check(&list(), None, Some(&with("lot", Value::Text("ש".repeat(NOTE_MAX))))).is_ok(),
            "characters, not bytes"
        );
        let mut twice = done();
        twice.push(("guard", Value::Check(false)));
        assert_eq!(refused(Some(&answers(3, &twice))), ["guard"]);
    }

    #[test]
    fn an_older_version_will_do_when_it_has_what_is_required_now() {
        let mut old = done();
        old.push(("struck-out", Value::Check(true)));
        let kept = check(&list(), None, Some(&answers(2, &old))).expect("has it all");
        assert_eq!((kept.version, kept.answers.len()), (2, 4), "as it was answered");
        old.remove(0);
        assert_eq!(refused(Some(&answers(2, &old))), ["guard"]);
        let hostile = "x".repeat(10_000);
        assert_eq!(refused(Some(&answers(2, &[(&hostile, Value::Check(true))])))[0].len(), ITEM_ID_MAX);
    }

    #[test]
    fn answers_are_kept_with_what_was_asked() {
        // Before, the pressure was a tick, and there was a lamp to look at.
        let before = [item("guard", Check, true), item("pressure", Check, true), item("lamp", Check, true)];
        let old = |given: &[(&str, Value)]| check(&list(), Some(&before), Some(&answers(2, given)));
        let mut given = done();
        assert!(old(&given).is_err(), "it was a tick then");
        given[1].1 = Value::Check(true);
        assert!(old(&given).is_err(), "and is a number now");
        let mut asked = list();
        asked.items[1].required = false;
        given = vec![("guard", Value::Check(true)), ("pressure", Value::Check(true)), ("lamp", Value::Check(true))];
        asked.items[2].required = false;
        let kept = check(&asked, Some(&before), Some(&answers(2, &given))).expect("has what is required now");
        assert_eq!((kept.version, kept.items), (2, before.to_vec()));
        given.push(("bell", Value::Check(true)));
        assert!(check(&asked, Some(&before), Some(&answers(2, &given))).is_err(), "nobody asked that");
    }

    #[test]
    fn another_list_or_a_version_that_never_was_will_not_do() {
        for version in [0, 4, u32::MAX] {
            assert_eq!(refused(Some(&answers(version, &done()))), [""; 0]);
        }
        let other = ChecklistAnswers { checklist_id: ChecklistId(id(2)), ..answers(3, &done()) };
        assert_eq!(refused(Some(&other)), [""; 0]);
    }

    #[test]
    fn a_list_that_requires_nothing_asks_nothing() {
        let mut list = list();
        list.items.iter_mut().for_each(|item| item.required = false);
        assert_eq!(check(&list, None, None).map(|kept| kept.answers), Ok(vec![]));
    }

    #[test]
    fn a_draft_has_named_items_each_with_its_own_id() {
        let good = ChecklistDraft { name: " Start ".into(), items: list().items, active: true };
        assert_eq!(draft(&good).expect("good").name, "Start");
        let items = |items: Vec<ChecklistItem>| draft(&ChecklistDraft { items, ..good.clone() });
        for wrong in [
            vec![],
            vec![item("a", Check, true); 2],
            vec![item("", Check, true)],
            vec![item("a b", Check, true)],
            vec![ChecklistItem { labels: [].into(), ..item("a", Check, true) }],
            (0..=ITEMS_MAX).map(|n| item(&format!("i{n}"), Check, true)).collect(),
        ] {
            assert!(matches!(items(wrong.clone()), Err(Refusal::Invalid { .. })), "{wrong:?}");
        }
    }
}
