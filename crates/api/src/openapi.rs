//! The description of the interface, made from the code: `GET /api/openapi.json`.

use crate::routes;
use millrace_protocol::stream::{
    ConfigChanged, Goodbye, JobChanged, JobGone, MessageTold, NotificationChanged, NotificationGone, PipelineUpdate,
    ReportTold, RowChanged, SessionChanged, SessionClosed, SessionGone, SessionTransferred, StationChanged,
    StationGone, StatusEventTold, StreamHeartbeat, TopicInitial,
};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement};

/// The data of events: OpenAPI has no place for the events of a stream, so they are described as schemas.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(
    ConfigChanged,
    Goodbye,
    JobChanged,
    JobGone,
    MessageTold,
    NotificationChanged,
    NotificationGone,
    PipelineUpdate,
    ReportTold,
    RowChanged,
    SessionChanged,
    SessionClosed,
    SessionGone,
    SessionTransferred,
    StationChanged,
    StationGone,
    StatusEventTold,
    StreamHeartbeat,
    TopicInitial
)))]
struct Events;

/// The description as it is before the routes add to it.
pub(crate) fn base() -> OpenApi {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A kiosk's device token, or the token of a user's login."))
        .build();
    let mut base = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Millrace")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Workers' kiosks and supervisors' boards of a shop floor. JSON in camelCase; times RFC 3339 UTC \
                     with milliseconds; ids UUIDv7; errors RFC 9457 problems with a stable `code`. Every route takes \
                     a Bearer token or, in browsers, a cookie.",
                ))
                .build(),
        )
        .components(Some(ComponentsBuilder::new().security_scheme("bearer", SecurityScheme::Http(bearer)).build()))
        .security(Some([SecurityRequirement::new("bearer", Vec::<String>::new())]))
        .build();
    base.merge(<Events as utoipa::OpenApi>::openapi());
    base
}

/// The whole description.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = utoipa_axum::router::OpenApiRouter::with_openapi(base()).merge(routes::all()).into_openapi();
    routes::describe(&mut document);
    document
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_route_is_described_with_its_answers() {
        let document = serde_json::to_value(super::document()).expect("writes");
        let paths = document["paths"].as_object().expect("paths");
        assert!(paths.len() >= 20, "{} paths", paths.len());
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().expect("methods") {
                assert!(operation["summary"].is_string(), "{method} {path} says nothing of itself");
                assert!(!operation["responses"].as_object().expect("responses").is_empty(), "{method} {path}");
            }
        }
    }
}
