//! The events of each stream in the description of the interface: which there are, what each carries, what they look
//! like.
//!
//! OpenAPI describes one body, and a stream is many. So an answer of `text/event-stream` says in words and, for programs,
//! as `x-events`, which event carries which schema, and shows some of a real run.

use serde_json::{Value, json};
use utoipa::openapi::{Content, OpenApi, RefOr};

/// A stream: its path, the schema of its `initial`, its events with theirs, and some of a real run.
struct Described {
    path: &'static str,
    initial: &'static str,
    events: &'static [(&'static str, &'static str)],
    example: &'static str,
}

/// What every stream tells besides.
const EVERY: [(&str, &str); 2] = [("heartbeat", "StreamHeartbeat"), ("goodbye", "Goodbye")];

const STREAMS: [Described; 10] = [
    Described {
        path: "/api/admin/dashboard/active-sessions/stream",
        initial: "ActiveSessionsInitial",
        events: &[("insert", "SessionChanged"), ("update", "SessionChanged"), ("delete", "SessionGone")],
        example: include_str!("examples/active-sessions.txt"),
    },
    Described {
        path: "/api/admin/dashboard/stations/stream",
        initial: "StationsInitial",
        events: &[("insert", "StationChanged"), ("update", "StationChanged"), ("delete", "StationGone")],
        example: include_str!("examples/stations.txt"),
    },
    Described {
        path: "/api/admin/dashboard/session/{id}/stream",
        initial: "SessionDetailInitial",
        events: &[("session_update", "SessionChanged"), ("status_event", "StatusEventTold"), ("report", "ReportTold")],
        example: include_str!("examples/session.txt"),
    },
    Described {
        path: "/api/admin/reports/stream",
        initial: "ReportsInitial",
        events: &[("insert", "ReportTold"), ("update", "ReportTold")],
        example: include_str!("examples/reports.txt"),
    },
    Described {
        path: "/api/sessions/pipeline/stream",
        initial: "PipelineInitial",
        events: &[("update", "PipelineUpdate")],
        example: include_str!("examples/pipeline.txt"),
    },
    Described {
        path: "/api/admin/dashboard/job-progress/stream",
        initial: "JobProgressInitial",
        events: &[("update", "JobChanged"), ("delete", "JobGone")],
        example: include_str!("examples/job-progress.txt"),
    },
    Described {
        path: "/api/admin/notifications/stream",
        initial: "NotificationsInitial",
        events: &[("insert", "NotificationChanged"), ("update", "NotificationChanged"), ("delete", "NotificationGone")],
        example: include_str!("examples/notifications.txt"),
    },
    Described {
        path: "/api/kiosk/stream",
        initial: "KioskInitial",
        events: &[
            ("session_update", "SessionChanged"),
            ("session_transferred", "SessionTransferred"),
            ("session_closed", "SessionClosed"),
            ("message", "MessageTold"),
            ("config", "ConfigChanged"),
        ],
        example: include_str!("examples/kiosk.txt"),
    },
    Described {
        path: "/api/realtime/stream",
        initial: "RealtimeInitial",
        events: &[("change", "RowChanged")],
        example: include_str!("examples/realtime.txt"),
    },
    Described {
        path: "/api/stream",
        initial: "TopicInitial",
        events: &[],
        example: include_str!("examples/several.txt"),
    },
];

impl Described {
    fn events(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        std::iter::once(("initial", self.initial)).chain(self.events.iter().copied()).chain(EVERY)
    }

    fn tell(&self, content: &mut Content) {
        content.example = Some(Value::String(self.example.to_owned()));
        let reference = |(name, schema)| (name, json!({"$ref": format!("#/components/schemas/{schema}")}));
        let events: serde_json::Map<_, _> =
            self.events().map(reference).map(|(name, value)| (name.to_owned(), value)).collect();
        let extensions = content.extensions.get_or_insert_default();
        extensions.insert("x-events".to_owned(), Value::Object(events));
    }
}

/// Adds the events to the answers that are streams.
pub(crate) fn describe(document: &mut OpenApi) {
    for stream in &STREAMS {
        let operation = document.paths.paths.get_mut(stream.path).and_then(|path| path.get.as_mut());
        let answer = operation.and_then(|operation| operation.responses.responses.get_mut("200"));
        let Some(RefOr::T(answer)) = answer else { continue };
        let said: Vec<_> = stream.events().map(|(name, schema)| format!("`{name}` {schema}")).collect();
        let several = if stream.events.is_empty() {
            " Besides these the events of each of its topics, each with its `topic`."
        } else {
            ""
        };
        answer.description = format!("{} Events and their data: {}.{several}", answer.description, said.join(", "));
        if let Some(RefOr::T(content)) = answer.content.get_mut("text/event-stream") {
            stream.tell(content);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stream_is_described_with_schemas_that_are_there_and_an_example_of_its_events() {
        let document = serde_json::to_value(crate::openapi::document()).expect("writes");
        let mut streams = 0;
        for (path, methods) in document["paths"].as_object().expect("paths") {
            let content = &methods["get"]["responses"]["200"]["content"]["text/event-stream"];
            if content.is_null() {
                continue;
            }
            streams += 1;
            let events = content["x-events"].as_object().unwrap_or_else(|| panic!("{path} names no events"));
            for (name, schema) in events {
                let at = schema["$ref"].as_str().expect("a reference").trim_start_matches('#');
                assert!(document.pointer(at).is_some(), "{path}: {name} is {at}, which is nowhere");
            }
            let example = content["example"].as_str().expect("an example");
            let known = STREAMS.iter().flat_map(Described::events).map(|(name, _)| name).collect::<Vec<_>>();
            let mut shown = Vec::new();
            for line in example.lines() {
                if let Some(name) = line.strip_prefix("event: ") {
                    assert!(known.contains(&name), "{path} shows `{name}`");
                    shown.push(name);
                }
                if let Some(data) = line.strip_prefix("data: ") {
                    assert!(serde_json::from_str::<Value>(data).is_ok(), "{path}: {data}");
                }
            }
            for name in events.keys() {
                // A reader of one report stream sees no end that others don't show, too.
                assert!(shown.contains(&name.as_str()) || name == "goodbye", "{path} shows no `{name}`");
            }
        }
        assert_eq!(streams, STREAMS.len());
    }
}
