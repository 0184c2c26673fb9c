//! Changed rows as they are: subscriptions to tables, with a filter on the old or the new row.
//!
//! What can be subscribed to is listed here, table by table and column by column; nothing else ever leaves. A row
//! has the shape that the interface gives it everywhere.

use super::{Taken, View};
use crate::stream::distributor::Distributor;
use crate::stream::frame::Event;
use crate::stream::fresh::Fresh;
use async_trait::async_trait;
use millrace_domain::change::{Change, Row};
use millrace_domain::storage::Result;
use millrace_protocol::KioskId;
use millrace_protocol::session::{Session, SessionStatus};
use millrace_protocol::stream::{EventType, RowChanged};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A table that can be subscribed to, with the columns that a filter may name.
struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    /// Whether a kiosk may subscribe: it gets the rows of the session it owns.
    of_kiosks: bool,
}

/// The published list.
const TABLES: [Table; 6] = [
    Table {
        name: "sessions",
        columns: &[
            "id",
            "workerId",
            "workerCode",
            "stationId",
            "stationCode",
            "areaName",
            "jobId",
            "jobNumber",
            "jobItemId",
            "status",
            "closeReason",
            "provisional",
            "currentStatusId",
            "contact",
            "countMissing",
        ],
        of_kiosks: true,
    },
    Table {
        name: "status_events",
        columns: &["id", "sessionId", "statusDefinitionId", "reasonId", "timeClass", "jobItemId", "stepId", "epoch"],
        of_kiosks: true,
    },
    Table {
        name: "reports",
        columns: &[
            "id",
            "type",
            "state",
            "stationId",
            "stationCode",
            "sessionId",
            "workerId",
            "statusEventId",
            "jobItemId",
            "reasonId",
        ],
        of_kiosks: true,
    },
    Table { name: "jobs", columns: &["id", "number", "customer", "dueOn"], of_kiosks: false },
    Table { name: "job_items", columns: &["id", "jobId", "jobNumber", "name", "complete"], of_kiosks: false },
    Table { name: "stations", columns: &["id", "code", "name", "type", "areaId", "area", "active"], of_kiosks: false },
];

/// Whose rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// All.
    All,
    /// Those of the session that a kiosk owns.
    Kiosk(KioskId),
}

/// `TABLE:EVENT[:COLUMN=eq.VALUE]`
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subscription {
    table: &'static str,
    /// None: every one.
    event: Option<&'static str>,
    /// A column and the text its value has to have.
    filter: Option<(&'static str, String)>,
}

/// What one stream is subscribed to: a row that any of them wants is told once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subscriptions {
    scope: Scope,
    wanted: BTreeSet<Subscription>,
}

impl Subscription {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn read(text: &str) -> std::result::Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let (table, event, filter) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let table = TABLES.iter().find(|known| known.name == table).ok_or_else(|| {
            let known: Vec<_> = TABLES.iter().map(|table| table.name).collect();
            format!("`{table}` can't be subscribed to; these can: {}.", known.join(", "))
        })?;
        let event = match event.unwrap_or_default() {
            "*" => None,
            "INSERT" => Some("INSERT"),
            "UPDATE" => Some("UPDATE"),
            "DELETE" => Some("DELETE"),
            other => {
                return Err(format!("`{other}` is no event; say TABLE:INSERT, TABLE:UPDATE, TABLE:DELETE or TABLE:*."));
            }
        };
        let filter = filter.map(|filter| {
            let (column, value) = filter
                .split_once("=eq.")
                .ok_or_else(|| format!("`{filter}` is no filter; say COLUMN=eq.VALUE, for instance id=eq.0198…"))?;
            let wanted = camel(column);
            let column = table.columns.iter().find(|known| **known == wanted).ok_or_else(|| {
                format!(
                    "`{column}` is no column of {} to filter by; these are: {}.",
                    table.name,
                    table.columns.join(", ")
                )
            })?;
            Ok::<_, String>((*column, value.to_owned()))
        });
        Ok(Self { table: table.name, event, filter: filter.transpose()? })
    }

    /// Whether a kiosk may have it.
    #[must_use]
    pub fn is_of_kiosks(&self) -> bool {
        TABLES.iter().any(|table| table.name == self.table && table.of_kiosks)
    }

    fn wants(&self, told: &RowChanged) -> bool {
        let event = match told.event_type {
            EventType::Insert => "INSERT",
            EventType::Update => "UPDATE",
            EventType::Delete => "DELETE",
        };
        let row = |row: &Option<Value>| match (&self.filter, row) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some((column, value)), Some(row)) => says(&row[*column], value),
        };
        self.table == told.table
            && self.event.is_none_or(|wanted| wanted == event)
            && (row(&told.new) || row(&told.old))
    }
}

impl Subscriptions {
    /// These, of these rows.
    pub fn new(scope: Scope, wanted: impl IntoIterator<Item = Subscription>) -> Self {
        Self { scope, wanted: wanted.into_iter().collect() }
    }
}

/// A column's name as the interface writes it; `job_item_id` is `jobItemId`.
fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let mut letters = part.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &first.into_iter().chain(letters).collect::<String>()
    })
}

/// Whether a value is this text.
fn says(value: &Value, text: &str) -> bool {
    match value {
        Value::String(value) => value == text,
        Value::Bool(value) => text == if *value { "true" } else { "false" },
        Value::Number(number) => number.to_string() == text,
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The view.
#[derive(Debug)]
pub(super) struct Realtime(pub(super) Arc<Subscriptions>);

#[derive(Serialize)]
struct Members {}

impl Realtime {
    /// Whether a row of this table, and of this kiosk's session, may be of interest: before it is written as JSON.
    fn may_want(&self, table: &str, owner: Option<KioskId>) -> bool {
        let scope = match self.0.scope {
            Scope::All => true,
            Scope::Kiosk(kiosk) => owner == Some(kiosk),
        };
        scope && self.0.wanted.iter().any(|wanted| wanted.table == table)
    }
}

fn is_open(session: &Session) -> bool {
    session.status == SessionStatus::Active
}

fn json<T: Serialize>(row: Option<&T>) -> Option<Value> {
    row.and_then(|row| serde_json::to_value(row).ok())
}

#[async_trait]
impl View for Realtime {
    async fn snapshot(&self, hub: &Distributor) -> Result<Taken> {
        Ok(hub.pictured(|picture| Taken::new(picture.at(), &Members {})).await)
    }

    fn events(&self, change: &Fresh) -> Vec<Event> {
        let (table, owner) = match &change.row {
            // It keeps its last owner for ever: what is done about it afterwards is not that kiosk's.
            Row::Sessions { old, new, owner, .. } => {
                ("sessions", owner.filter(|_| is_open(new) || old.as_deref().is_some_and(is_open)))
            }
            Row::StatusEvents { owner, .. } => ("status_events", *owner),
            Row::Reports { owner, .. } => ("reports", *owner),
            Row::Jobs(_) => ("jobs", None),
            Row::JobItems { .. } => ("job_items", None),
            Row::Stations(_) => ("stations", None),
            _ => return Vec::new(),
        };
        if !self.may_want(table, owner) {
            return Vec::new();
        }
        // Written once, however many are subscribed.
        let Some(row) = change.row(|change| told(table, change)) else { return Vec::new() };
        let wanted = self.0.wanted.iter().any(|wanted| wanted.wants(&row.told));
        if wanted { vec![Event { name: "change", data: row.json.clone() }] } else { Vec::new() }
    }
}

/// The rows of a table as they are told.
fn told(table: &str, change: &Change) -> Option<RowChanged> {
    let (old, new) = match &change.row {
        Row::Sessions { old, new, .. } => (json(old.as_ref()), json(Some(new))),
        Row::StatusEvents { old, new, .. } => (json(old.as_ref()), json(Some(new))),
        Row::Reports { report, .. } => (json(report.old.as_ref()), json(report.new.as_ref())),
        Row::Jobs(job) => (json(job.old.as_ref()), json(job.new.as_ref())),
        Row::JobItems { item, .. } => (json(item.old.as_ref()), json(item.new.as_ref())),
        Row::Stations(station) => (json(station.old.as_ref()), json(station.new.as_ref())),
        _ => return None,
    };
    let event_type = match (&old, &new) {
        (None, _) => EventType::Insert,
        (Some(_), Some(_)) => EventType::Update,
        (Some(_), None) => EventType::Delete,
    };
    let (offset, commit_timestamp) = (change.offset, change.at);
    Some(RowChanged { offset, table: table.to_owned(), event_type, new, old, commit_timestamp })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_is_read_or_says_what_would_be_right() {
        let read = |text: &str| Subscription::read(text);
        let session = read("sessions:UPDATE:current_status_id=eq.a:b=eq.c").expect("reads");
        assert_eq!(session.filter, Some(("currentStatusId", "a:b=eq.c".to_owned())));
        assert_eq!(read("reports:*:type=eq.scrap").expect("reads").event, None);
        for (wrong, told) in [
            ("users:*", "these can: sessions"),
            ("sessions", "is no event"),
            ("sessions:update", "is no event"),
            ("sessions:*:id", "COLUMN=eq.VALUE"),
            ("sessions:*:pinHash=eq.1", "is no column"),
            ("", "can't be subscribed to"),
        ] {
            let error = read(wrong).expect_err(wrong);
            assert!(error.contains(told), "{wrong}: {error}");
        }
    }

    #[test]
    fn the_old_or_the_new_row_has_to_match() {
        let told = |old: Option<&str>, new: Option<&str>| RowChanged {
            offset: 1,
            table: "sessions".into(),
            event_type: EventType::Update,
            new: new.map(|status| serde_json::json!({"status": status, "epoch": 3})),
            old: old.map(|status| serde_json::json!({"status": status})),
            commit_timestamp: millrace_protocol::time::Timestamp::from_millis(0),
        };
        let active = Subscription::read("sessions:*:status=eq.active").expect("reads");
        assert!(active.wants(&told(Some("active"), Some("completed"))), "the update that ends it");
        assert!(active.wants(&told(None, Some("active"))));
        assert!(!active.wants(&told(Some("completed"), Some("aborted"))));
        assert!(!Subscription::read("sessions:INSERT").expect("reads").wants(&told(None, Some("active"))));
        assert!(!Subscription::read("reports:*").expect("reads").wants(&told(None, Some("active"))));
    }

    #[test]
    fn every_published_column_is_one() {
        let all = serde_json::to_value(crate::openapi::document()).expect("writes");
        for table in &TABLES {
            let of = match table.name {
                "sessions" => "Session",
                "status_events" => "StatusEvent",
                "reports" => "Report",
                "jobs" => "Job",
                "job_items" => "JobItem",
                _ => "Station",
            };
            for column in table.columns {
                let known = &all["components"]["schemas"][of]["properties"][column];
                assert!(known.is_object(), "{of}.{column}");
            }
        }
    }
}
