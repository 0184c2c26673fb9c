//! `GET /api/stream`: several streams on one connection.

use super::reader::{Reader, refused};
use crate::error::ApiError;
use crate::query::Asked;
use crate::state::App;
use crate::stream::{Ask, StreamQuery, TopicName, Wanted};
use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use millrace_protocol::Problem;
use millrace_protocol::stream::ScreenSnapshot;
use utoipa::IntoParams;

/// The most topics of one connection: no screen shows more.
const MOST: usize = 32;

/// For the description; the query itself may name a key several times.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub(crate) struct Which {
    /// A stream by its name or its address, repeatable: `active-sessions`, `stations`, `session/ID`, `job-progress`,
    /// `reports?type=scrap` (percent-encoded), `notifications`, `kiosk`, `pipeline?workerId=ID`, `realtime?subscribe=…`.
    topic: Vec<String>,
}

/// One connection for a screen: the events of all its topics in the order of their offsets, each with its `topic`.
#[utoipa::path(get, path = "/api/stream", tag = "streams", params(StreamQuery, Which), responses(
    (status = 200, description = "The stream; with `?snapshot=1` all its topics at one position, once.", content(
        (ScreenSnapshot = "application/json"),
        (String = "text/event-stream"),
    )),
    (status = 400, body = Problem),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
pub(crate) async fn several(
    State(app): State<App>,
    parts: Parts,
    query: Result<Asked<Vec<(String, String)>>, ApiError>,
    ask: Ask,
) -> Result<Response, ApiError> {
    let mut reader = Reader::of(&app, parts).await;
    match topics(&mut reader, query).await {
        Ok(wanted) => Ok(app.hub.respond_all(wanted, reader.ask(ask)).await),
        Err(error) => refused(&app, &ask, error),
    }
}

/// The topics that a query asks for, if this reader may have them all.
async fn topics(
    reader: &mut Reader<'_>,
    query: Result<Asked<Vec<(String, String)>>, ApiError>,
) -> Result<Vec<Wanted>, ApiError> {
    reader.known().await?;
    let names: Vec<String> = query?.0.into_iter().filter(|(key, _)| key == "topic").map(|(_, name)| name).collect();
    if names.is_empty() {
        return Err(ApiError::invalid("Say what to read: topic=active-sessions, and more of them."));
    }
    // Before any of them is looked up, which may be a query each.
    if names.len() > MOST {
        return Err(ApiError::invalid(format!("One connection takes {MOST} topics. Open another for the rest.")));
    }
    let mut wanted: Vec<Wanted> = Vec::new();
    for name in names {
        if wanted.iter().any(|known| known.name.as_ref() == Some(&name)) {
            continue;
        }
        let key = reader.topic(TopicName::read(&name).map_err(ApiError::invalid)?).await?;
        // The same twice is the same: an event is told once, under the first of its names.
        if !wanted.iter().any(|known| known.key == key) {
            wanted.push(Wanted { key, name: Some(name) });
        }
    }
    Ok(wanted)
}
