//! Puts the interface together and runs it until it is told to end.

use crate::auth::throttle::Throttle;
use crate::flow::{self, Places};
use crate::listener::Accepting;
use crate::settings::Settings;
use crate::state::App;
use crate::stream::Hub;
use crate::watch::Watch;
use crate::{connections, openapi, page, routes};
use axum::Router;
use axum::routing::get;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue};
use millrace_domain::storage::{Commits, Storage};
use millrace_domain::{Chance, Clock};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

/// How long requests and streams may take to end. SIGTERM ends the program within 2 s.
const GRACE: Duration = Duration::from_millis(1_200);
/// How long the tasks behind them may take after that. They hear of the end at the same time, so they are done by then.
const TASKS: Duration = Duration::from_millis(200);

/// The page loads nothing but itself.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What the interface is made of.
#[derive(Debug)]
pub struct Parts {
    /// Where everything is stored.
    pub storage: Arc<dyn Storage>,
    /// What it commits, in commit order.
    pub commits: Commits,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For tokens and ids.
    pub chance: Arc<dyn Chance>,
    /// Limits and habits.
    pub settings: Settings,
    /// Ends it.
    pub shutdown: CancellationToken,
}

/// Serves until `shutdown`, then says goodbye to every stream and returns, soon.
///
/// # Errors
/// When the change log can't be read at the start.
pub async fn serve(listener: Accepting, parts: Parts) -> std::io::Result<()> {
    let Parts { storage, commits, clock, chance, settings, shutdown } = parts;
    let hub =
        Hub::open(storage.clone(), commits.committed(), clock.clone(), settings.streams.clone(), shutdown.clone())
            .await
            .map_err(std::io::Error::other)?;
    let tasks = TaskTracker::new();
    tasks.spawn({
        let hub = hub.clone();
        async move { hub.run(commits).await }
    });
    tasks.spawn(hub.clone().retain());
    tasks.spawn(hub.clone().watch_kiosks(settings.policy.clone()));
    let watch = Arc::new(Watch::new(storage.clone(), clock.clone()));
    tasks.spawn(watch.clone().run(shutdown.clone()));
    tasks.close();
    let app = App {
        storage,
        hub,
        clock,
        chance,
        watch,
        places: Places::new(settings.actions_at_once),
        settings: Arc::new(settings),
        throttle: Arc::new(Throttle::default()),
        recent: Arc::default(),
        shutdown: shutdown.clone(),
    };
    let served = connections::serve(listener, router(app), connections::HEAD, shutdown.clone());
    let bounded = async {
        shutdown.cancelled().await;
        #[expect(
            clippy::disallowed_methods,
            reason = "the end of a process is bounded in real time, whatever its clock"
        )]
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = served => {}
        () = bounded => tracing::info!("some connections did not end in time and are cut"),
    }
    shutdown.cancel();
    if tokio::time::timeout(TASKS, tasks.wait()).await.is_err() {
        tracing::warn!("a task of the interface did not end in time");
    }
    Ok(())
}

/// All routes with what every answer carries.
fn router(app: App) -> Router {
    let (routes, document) =
        utoipa_axum::router::OpenApiRouter::with_openapi(openapi::base()).merge(routes::all()).split_for_parts();
    let mut document = document;
    routes::describe(&mut document);
    let document = bytes::Bytes::from(serde_json::to_vec(&document).unwrap_or_default());
    routes
        .route("/api/openapi.json", get(async move || ([(CONTENT_TYPE, "application/json")], document.clone())))
        .method_not_allowed_fallback(page::not_by_this_method)
        .fallback(page::other)
        .layer(axum::middleware::from_fn_with_state(app.clone(), flow::few_at_once))
        .layer(CatchPanicLayer::custom(|_panic: Box<dyn std::any::Any + Send>| {
            use axum::response::IntoResponse;
            tracing::error!("a request panicked");
            crate::error::ApiError::new(
                millrace_protocol::Code::Internal,
                "The server failed on a defect. Tell whoever looks after it.",
            )
            .into_response()
        }))
        .layer(header(CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        // A failure is logged where it is handled, with its reason.
        .layer(TraceLayer::new_for_http().on_failure(()))
        .with_state(app)
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
