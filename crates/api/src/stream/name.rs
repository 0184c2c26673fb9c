//! What topics are called on a connection with several: `GET /api/stream?topic=NAME`.
//!
//! | name | the stream |
//! |---|---|
//! | `active-sessions` | `/api/admin/dashboard/active-sessions/stream` |
//! | `stations` | `/api/admin/dashboard/stations/stream` |
//! | `session/ID` | `/api/admin/dashboard/session/ID/stream` |
//! | `job-progress` | `/api/admin/dashboard/job-progress/stream` |
//! | `reports`, `reports?type=scrap` | `/api/admin/reports/stream` |
//! | `notifications` | `/api/admin/notifications/stream` |
//! | `kiosk` | `/api/kiosk/stream` |
//! | `pipeline?workerId=ID`, with `&jobId=ID` | `/api/sessions/pipeline/stream` |
//! | `realtime?subscribe=…` | `/api/realtime/stream` |
//!
//! The address of a stream, with or without `/api/` and `/stream`, is a name of it, too.

use super::view::Subscription;
use axum::extract::Query;
use millrace_protocol::report::ReportKind;
use millrace_protocol::{JobId, SessionId, WorkerId};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The most subscriptions of one stream.
const MOST_SUBSCRIPTIONS: usize = 64;

/// A topic as it is asked for, before anybody asked by what right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TopicName {
    /// The open sessions.
    ActiveSessions,
    /// Every station.
    Stations,
    /// One session.
    Session(SessionId),
    /// Reports of a kind, or all.
    Reports(Option<ReportKind>),
    /// Jobs in work.
    JobProgress,
    /// What is to be acknowledged.
    Notifications,
    /// What concerns the calling kiosk.
    Kiosk,
    /// What a worker can work on.
    Pipeline {
        /// Who.
        worker: WorkerId,
        /// The job he looks at.
        job: Option<JobId>,
    },
    /// Changed rows.
    Realtime(Vec<Subscription>),
}

impl TopicName {
    /// Reads a name.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn read(name: &str) -> Result<Self, String> {
        let (path, query) = name.split_once('?').unwrap_or((name, ""));
        let path = path.trim_start_matches('/');
        let path = path.strip_prefix("api/").unwrap_or(path);
        let path = path.strip_suffix("/stream").unwrap_or(path);
        let path = ["admin/dashboard/", "admin/", "sessions/"]
            .iter()
            .find_map(|prefix| path.strip_prefix(prefix))
            .unwrap_or(path);
        let pairs = pairs(query)?;
        Ok(match path {
            "active-sessions" => Self::ActiveSessions,
            "stations" => Self::Stations,
            "job-progress" => Self::JobProgress,
            "reports" => Self::Reports(one(&pairs, "type")?),
            "notifications" => Self::Notifications,
            "kiosk" => Self::Kiosk,
            "pipeline" => Self::pipeline(&pairs)?,
            "realtime" => Self::realtime(&pairs)?,
            path => match path.strip_prefix("session/") {
                Some(id) => Self::Session(value("session", id)?),
                None => {
                    return Err(format!(
                        "`{name}` is no topic. Topics are active-sessions, stations, session/ID, job-progress, \
                         reports?type=…, notifications, kiosk, pipeline?workerId=… and realtime?subscribe=…"
                    ));
                }
            },
        })
    }

    /// The pipeline that a query asks for.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn pipeline(pairs: &[(String, String)]) -> Result<Self, String> {
        let worker = one(pairs, "workerId")?.ok_or("Name the worker: workerId=ID.")?;
        Ok(Self::Pipeline { worker, job: one(pairs, "jobId")? })
    }

    /// The subscriptions that a query asks for.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn realtime(pairs: &[(String, String)]) -> Result<Self, String> {
        let wanted = pairs.iter().filter(|(key, _)| key == "subscribe");
        // One more, so that too many are seen; not all of them, which may be very many.
        let wanted = wanted.take(MOST_SUBSCRIPTIONS + 1);
        let wanted = wanted.map(|(_, text)| Subscription::read(text)).collect::<Result<Vec<_>, _>>()?;
        if wanted.is_empty() {
            return Err("Say what to subscribe to: subscribe=TABLE:EVENT, for instance subscribe=sessions:*.".into());
        }
        if wanted.len() > MOST_SUBSCRIPTIONS {
            return Err(format!(
                "One stream takes {MOST_SUBSCRIPTIONS} subscriptions. Leave out a filter, or open another."
            ));
        }
        Ok(Self::Realtime(wanted))
    }
}

/// The pairs of a query.
fn pairs(query: &str) -> Result<Vec<(String, String)>, String> {
    let uri = format!("/?{query}").parse().map_err(|_| format!("`{query}` is no query."))?;
    Query::try_from_uri(&uri).map(|Query(pairs)| pairs).map_err(|_| format!("`{query}` is no query."))
}

/// The value of a key that may be there.
fn one<T: DeserializeOwned>(pairs: &[(String, String)], key: &str) -> Result<Option<T>, String> {
    pairs.iter().find(|(known, _)| known == key).map(|(_, text)| value(key, text)).transpose()
}

/// An id or a word as the wire writes it.
fn value<T: DeserializeOwned>(key: &str, text: &str) -> Result<T, String> {
    serde_json::from_value(Value::String(text.to_owned())).map_err(|_| format!("`{text}` is no {key}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_short_one_or_the_address() {
        let id = "0198c0de-0000-7000-8000-000000000001";
        let session = TopicName::Session(serde_json::from_value(id.into()).expect("an id"));
        for (name, meant) in [
            ("active-sessions", TopicName::ActiveSessions),
            ("/api/admin/dashboard/active-sessions/stream", TopicName::ActiveSessions),
            ("admin/dashboard/stations/stream", TopicName::Stations),
            ("reports", TopicName::Reports(None)),
            ("reports?type=scrap", TopicName::Reports(Some(ReportKind::Scrap))),
            ("/api/admin/reports/stream?type=scrap", TopicName::Reports(Some(ReportKind::Scrap))),
            (&format!("session/{id}"), session.clone()),
            (&format!("/api/admin/dashboard/session/{id}/stream"), session),
            ("kiosk/stream", TopicName::Kiosk),
        ] {
            assert_eq!(TopicName::read(name), Ok(meant), "{name}");
        }
        let worker = serde_json::from_value(id.into()).expect("an id");
        let pipeline = TopicName::read(&format!("/api/sessions/pipeline/stream?workerId={id}"));
        assert_eq!(pipeline, Ok(TopicName::Pipeline { worker, job: None }));
        assert!(matches!(TopicName::read("realtime?subscribe=sessions:*&subscribe=reports:INSERT"),
            Ok(TopicName::Realtime(wanted)) if wanted.len() == 2));
    }

    #[test]
    fn what_is_no_name_is_told() {
        for (name, told) in [
            ("nonsense", "is no topic"),
            ("", "is no topic"),
            ("reports?type=lost", "is no type"),
            ("session/1", "is no session"),
            ("pipeline", "workerId"),
            ("pipeline?workerId=me", "is no workerId"),
            ("realtime", "subscribe=TABLE:EVENT"),
            ("realtime?subscribe=users:*", "can't be subscribed to"),
            (&format!("realtime?{}", "subscribe=jobs:*&".repeat(65)), "takes 64 subscriptions"),
        ] {
            let error = TopicName::read(name).expect_err(name);
            assert!(error.contains(told), "{name}: {error}");
        }
    }
}
