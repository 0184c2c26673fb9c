//! Checklists: what is asked when a session starts or ends at a station, and what was answered.

use crate::ids::ChecklistId;
use crate::status::Labels;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// How an item is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ChecklistItemKind {
    /// With a tick: done or not.
    Check,
    /// With words.
    Text,
    /// With a number: what a gauge shows.
    Number,
}

/// One thing a list asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItem {
    /// Names the item in its list and stays the same through its versions: 1 to 40 letters, digits, `-` or `_`.
    pub id: String,
    /// What people read.
    pub labels: Labels,
    /// How it is answered.
    pub kind: ChecklistItemKind,
    /// Whether the list is not done without it. A tick that is required has to be set.
    pub required: bool,
}

/// A list, in the version that is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Checklist {
    /// Its id.
    pub id: ChecklistId,
    /// What the office calls it; unique.
    pub name: String,
    /// In the order they are asked.
    pub items: Vec<ChecklistItem>,
    /// Whether it is in use: one that is not can't be put at a station.
    pub active: bool,
    /// Counts its changes. Answers say which one they were given to.
    pub version: u32,
}

/// `POST /api/admin/checklists`, `PUT /api/admin/checklists/{id}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct ChecklistDraft {
    /// What the office calls it: 1 to 80 characters, unique.
    pub name: String,
    /// In the order they are to be asked: 1 to 50.
    pub items: Vec<ChecklistItem>,
    /// Whether it is in use; it is, unless said otherwise.
    #[serde(default = "crate::yes")]
    #[ts(optional, as = "Option<bool>")]
    pub active: bool,
}

/// What was answered to one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(untagged)]
pub enum ChecklistValue {
    /// To a `check`.
    Check(bool),
    /// To a `number`.
    Number(f64),
    /// To a `text`; at most 500 characters.
    Text(String),
}

/// An item and what was answered to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChecklistAnswer {
    /// The item, by its id in the list.
    pub item_id: String,
    /// The answer.
    pub value: ChecklistValue,
}

/// A list as a worker answered it. Goes with the action that opens, hands over or ends his session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChecklistAnswers {
    /// The list.
    pub checklist_id: ChecklistId,
    /// The version of it that he had before him.
    pub version: u32,
    /// Each item at most once; those that are not required may be missing.
    pub answers: Vec<ChecklistAnswer>,
}

/// When a list is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum ChecklistMoment {
    /// Before a session starts.
    Start,
    /// Before it ends.
    End,
}

/// `GET /api/stations/{id}/checklists`
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, TS)]
pub struct StationChecklists {
    /// Asked when a session starts there.
    pub start: Option<Checklist>,
    /// Asked when it ends.
    pub end: Option<Checklist>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_tick_a_number_or_words() {
        let read = |json: &str| serde_json::from_str::<ChecklistValue>(json).expect("an answer");
        assert_eq!(read("true"), ChecklistValue::Check(true));
        assert_eq!(read("7"), ChecklistValue::Number(7.0));
        assert_eq!(read("-0.5"), ChecklistValue::Number(-0.5));
        assert_eq!(read("\"7\""), ChecklistValue::Text("7".into()));
        for wrong in ["null", "[]", "{}", "1e999"] {
            assert!(serde_json::from_str::<ChecklistValue>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_list_is_in_use_unless_it_is_said_not_to_be() {
        let draft: ChecklistDraft = serde_json::from_str(r#"{"name": "Start", "items": []}"#).expect("reads");
        assert!(draft.active);
    }
}
