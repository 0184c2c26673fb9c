//! What a heartbeat costs where nothing is kept (`millrace-bench plain`): an axum handler that knows the kiosk by the
//! digest of its token, reads the same JSON and answers with the same. No database, no owner, no disk. What Millrace adds
//! to this is what it costs to be sure.

use anyhow::Context;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use millrace_protocol::session::{HeartbeatAnswer, HeartbeatRequest, Lease};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;

/// Last numbers of kiosks, by the digest of their token.
type Known = Arc<HashMap<[u8; 32], u64>>;

/// Serves until its stdin ends; says on stdout where.
///
/// # Errors
/// When it can't listen.
pub(crate) async fn run() -> anyhow::Result<()> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let tokens: Vec<String> = serde_json::from_str(&lines.next_line().await?.context("nobody to know")?)?;
    let known: Known = Arc::new(tokens.iter().map(|token| (Sha256::digest(token).into(), 0)).collect());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    say(&listener.local_addr()?.to_string());
    let router = Router::new().route("/api/sessions/heartbeat", post(heartbeat)).with_state(known);
    let owner = async move {
        // Whoever started it has ended.
        while let Ok(Some(_)) = lines.next_line().await {}
    };
    tokio::select! {
        served = axum::serve(listener, router).into_future() => Ok(served?),
        () = owner => Ok(()),
    }
}

#[expect(clippy::print_stdout, reason = "its address is what this process has to say")]
fn say(address: &str) {
    println!("{address}");
}

async fn heartbeat(
    State(known): State<Known>,
    headers: HeaderMap,
    Json(request): Json<HeartbeatRequest>,
) -> Result<Json<HeartbeatAnswer>, StatusCode> {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let digest: [u8; 32] = Sha256::digest(token.ok_or(StatusCode::UNAUTHORIZED)?).into();
    let last_seq = *known.get(&digest).ok_or(StatusCode::UNAUTHORIZED)?;
    #[expect(clippy::disallowed_methods, reason = "a load generator lives in real time")]
    let server_time = chrono::Utc::now().into();
    let epoch = request.epoch.unwrap_or(1);
    let lease = Lease { ttl_ms: 300_000, next_ms: 15_000 };
    Ok(Json(HeartbeatAnswer { ok: true, epoch, lease, server_time, last_seq }))
}
