//! The truth in plain SQL, and the same of what a client knows: texts that can be compared.
//!
//! Deliberately not asked: the server. What it says of itself is what is tested.

use crate::streams::Seen;
use millrace_tests::sql;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// What a stream shows, as far as this test looks.
#[derive(Debug, Clone)]
pub enum Shows {
    Sessions,
    Stations,
    Jobs,
    Notifications,
    /// Reports of a type, or all.
    Reports(Option<&'static str>),
    /// A session with its history.
    Detail(String),
    /// What a worker can work on: his id, and a job's.
    Pipeline(String, Option<String>),
    /// Rows of sessions, stretches, reports, items and stations that were ever told.
    Rows,
    /// A kiosk's own: its id.
    Kiosk(String),
}

/// A text of a value as SQL writes it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(value) => i64::from(*value).to_string(),
        other => other.to_string(),
    }
}

/// An id as `hex` writes it.
fn id(value: &Value) -> String {
    text(value).replace('-', "")
}

fn blob(id: &str) -> String {
    format!("x'{}'", id.replace('-', ""))
}

/// Items with whether they are complete, and what their steps have.
const ITEMS: &str = "WITH items AS (
    SELECT i.*, lower(hex(i.id)) AS item,
        i.closed_short_at IS NOT NULL
            OR ifnull((SELECT s.good FROM job_steps s WHERE s.job_item_id = i.id AND s.is_terminal), 0)
                >= i.planned_quantity AS complete,
        ifnull((
            SELECT group_concat(st.code || ':' || s.good || ':' || s.scrap, ',' ORDER BY s.position)
            FROM job_steps s JOIN stations st ON st.id = s.station_id WHERE s.job_item_id = i.id
        ), '') AS steps
    FROM job_items i JOIN jobs j ON j.id = i.job_id AND j.archived_at IS NULL
)";

impl Shows {
    fn query(&self) -> String {
        match self {
            Self::Sessions => "SELECT lower(hex(id)) || '|' || version || '|' || worker_name || '|' || station_code
                    || '|' || contact || '|' || count_missing
                FROM sessions WHERE status = 'active'"
                .to_owned(),
            Self::Stations => {
                "SELECT lower(hex(st.id)) || '|' || st.code || '|' || st.name || '|' || ifnull(a.name, '-')
                    || '|' || iif(s.id IS NULL, '-', lower(hex(s.id))) || '|' || ifnull(s.worker_name, '-')
                    || '|' || ifnull((SELECT max(k.name) FROM kiosks k WHERE k.station_id = st.id), '-')
                FROM stations st
                LEFT JOIN areas a ON a.id = st.area_id
                LEFT JOIN sessions s ON s.station_id = st.id AND s.status = 'active'
                WHERE st.active = 1"
                    .to_owned()
            }
            Self::Jobs => format!(
                "{ITEMS} SELECT lower(hex(j.id)) || '|' || j.number || '|' || (
                    SELECT group_concat(item || '=' || version || '=' || steps, ';' ORDER BY item)
                    FROM items WHERE job_id = j.id
                ) FROM jobs j WHERE j.archived_at IS NULL
                AND EXISTS (SELECT 1 FROM items WHERE job_id = j.id AND NOT complete AND archived_at IS NULL)"
            ),
            Self::Notifications => "SELECT lower(hex(id)) FROM reports WHERE type = 'malfunction' AND state = 'open'
                UNION ALL SELECT lower(hex(id)) FROM calls WHERE state = 'open'
                UNION ALL SELECT lower(hex(id)) FROM approvals WHERE state = 'pending'
                UNION ALL SELECT lower(hex(id)) FROM quarantine WHERE decision IS NULL
                UNION ALL SELECT lower(hex(id)) FROM sessions WHERE provisional OR count_missing"
                .to_owned(),
            Self::Reports(kind) => {
                let of = kind.map_or(String::new(), |kind| format!("WHERE type = '{kind}'"));
                format!("SELECT lower(hex(id)) || '|' || type || '|' || state || '|' || version FROM reports {of}")
            }
            Self::Detail(session) => {
                let id = blob(session);
                format!(
                    "SELECT 'session|' || lower(hex(id)) || '|' || version FROM sessions WHERE id = {id}
                    UNION ALL SELECT 'statusEvent|' || lower(hex(id)) || '|' || version
                        FROM status_events WHERE session_id = {id}
                    UNION ALL SELECT 'report|' || lower(hex(id)) || '|' || version
                        FROM reports WHERE session_id = {id}"
                )
            }
            Self::Pipeline(worker, job) => {
                let worker = blob(worker);
                let of = job.as_ref().map_or(String::new(), |job| format!("AND i.job_id = {}", blob(job)));
                let only = if job.is_some() {
                    format!(
                        "AND EXISTS (SELECT 1 FROM job_steps s JOIN items i ON i.id = s.job_item_id {of}
                            WHERE s.station_id = st.id)"
                    )
                } else {
                    String::new()
                };
                format!(
                    "{ITEMS} SELECT lower(hex(st.id)) || '|' || st.code || '|' || (
                        SELECT NOT w.strict_stations
                            OR NOT EXISTS (SELECT 1 FROM worker_stations WHERE worker_id = w.id)
                            OR EXISTS (SELECT 1 FROM worker_stations WHERE worker_id = w.id AND station_id = st.id)
                        FROM workers w WHERE w.id = {worker}
                    ) || '|' || ifnull((
                        SELECT worker_name FROM sessions WHERE station_id = st.id AND status = 'active'
                    ), '-') || '|' || (
                        SELECT count(*) FROM items i WHERE NOT i.complete AND i.archived_at IS NULL {of}
                            AND EXISTS (SELECT 1 FROM job_steps s WHERE s.job_item_id = i.id AND s.station_id = st.id)
                    ) FROM stations st WHERE st.active = 1 {only}"
                )
            }
            Self::Rows => "SELECT 'sessions|' || lower(hex(id)) || '|' || version FROM sessions
                UNION ALL SELECT 'status_events|' || lower(hex(id)) || '|' || version FROM status_events
                UNION ALL SELECT 'reports|' || lower(hex(id)) || '|' || version FROM reports"
                .to_owned(),
            Self::Kiosk(kiosk) => format!(
                "SELECT 'session|' || lower(hex(s.id)) || '|' || s.version
                FROM leases l JOIN sessions s ON s.id = l.session_id WHERE l.kiosk_id = {0}
                UNION ALL SELECT 'name|' || name FROM kiosks WHERE id = {0}
                UNION ALL SELECT 'message|' || lower(hex(id)) FROM messages WHERE kiosk_id = {0}",
                blob(kiosk)
            ),
        }
    }

    /// What the database has.
    pub async fn truth(&self, database: &Path) -> BTreeSet<String> {
        sql::texts(database, &self.query()).await.into_iter().collect()
    }

    /// What a client knows of a topic.
    pub fn known(&self, seen: &Seen, topic: &str) -> BTreeSet<String> {
        if let Self::Rows = self {
            let row = |(key, row): (&String, &Value)| {
                let table = key.split('|').next().unwrap_or_default();
                format!("{table}|{}|{}", id(&row["id"]), text(&row["version"]))
            };
            return seen.changes.iter().map(row).collect();
        }
        let rows = seen.rows.iter().filter_map(|(key, row)| Some((key.strip_prefix(topic)?.strip_prefix('|')?, row)));
        rows.flat_map(|(key, row)| self.texts(key.split('|').next().unwrap_or_default(), row)).collect()
    }

    fn texts(&self, kind: &str, row: &Value) -> Vec<String> {
        let of = |members: &[&str]| {
            let texts = members.iter().map(|member| text(&row[*member]));
            std::iter::once(id(&row["id"])).chain(texts).collect::<Vec<_>>().join("|")
        };
        vec![match self {
            Self::Sessions => of(&["version", "workerName", "stationCode", "contact", "countMissing"]),
            Self::Stations => {
                let (session, worker) = (id(&row["sessionId"]), text(&row["occupancy"]["workerName"]));
                let session = if row["sessionId"].is_null() { "-".to_owned() } else { session };
                let kiosk = text(&row["kiosk"]["name"]);
                format!("{}|{session}|{worker}|{kiosk}", of(&["code", "name", "area"]))
            }
            Self::Jobs => {
                let step = |step: &Value| {
                    format!("{}:{}:{}", text(&step["stationCode"]), text(&step["good"]), text(&step["scrap"]))
                };
                let item = |item: &Value| {
                    let steps: Vec<_> = item["steps"].as_array().into_iter().flatten().map(step).collect();
                    format!("{}={}={}", id(&item["id"]), text(&item["version"]), steps.join(","))
                };
                let mut items: Vec<_> = row["items"].as_array().into_iter().flatten().map(item).collect();
                items.sort();
                format!("{}|{}", of(&["number"]), items.join(";"))
            }
            Self::Notifications => id(&row["id"]),
            Self::Reports(_) => of(&["type", "state", "version"]),
            Self::Detail(_) => format!("{kind}|{}", of(&["version"])),
            Self::Pipeline(..) if kind == "options" => {
                let option = |option: &Value| {
                    let (station, code) = (id(&option["stationId"]), text(&option["code"]));
                    let (allowed, open) = (text(&option["allowed"]), text(&option["openItems"]));
                    format!("{station}|{code}|{allowed}|{}|{open}", text(&option["occupancy"]["workerName"]))
                };
                return row.as_array().into_iter().flatten().map(option).collect();
            }
            Self::Kiosk(_) => match kind {
                "session" => format!("session|{}", of(&["version"])),
                "config" => format!("name|{}", text(&row["name"])),
                "message" => format!("message|{}", id(&row["id"])),
                _ => return Vec::new(),
            },
            Self::Pipeline(..) | Self::Rows => return Vec::new(),
        }]
    }
}
