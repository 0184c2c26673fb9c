//! A simulated board: reads the active-sessions stream and notes when each version of a session arrived.

use crate::time::now;
use anyhow::{Context, bail};
use futures_util::StreamExt;
use millrace_protocol::SessionId;
use reqwest::Client;
use serde::Deserialize;
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};

/// A version of a session, seen at a moment by one board.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) board: usize,
    pub(crate) session: SessionId,
    pub(crate) version: u32,
    pub(crate) at: Instant,
}

#[derive(Deserialize)]
struct Data {
    session: Option<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: SessionId,
    version: u32,
}

/// Reads until the stream ends; tells once when it is open.
pub(crate) async fn watch(
    http: Client,
    url: String,
    token: String,
    board: usize,
    seen: mpsc::UnboundedSender<Seen>,
    open: oneshot::Sender<()>,
) -> anyhow::Result<()> {
    let address = format!("{url}/api/admin/dashboard/active-sessions/stream");
    let response = http.get(address).bearer_auth(token).send().await?;
    if !response.status().is_success() {
        bail!("the stream answered {}", response.status());
    }
    let mut open = Some(open);
    let mut bytes = response.bytes_stream();
    let mut rest: Vec<u8> = Vec::new();
    while let Some(chunk) = bytes.next().await {
        rest.extend_from_slice(&chunk?);
        let at = now();
        while let Some(end) = rest.iter().position(|b| *b == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            let Some(json) = line.strip_prefix(b"data: ") else { continue };
            if let Some(open) = open.take() {
                // Whoever waits for it may have given up; the readings go on.
                let _gone = open.send(());
            }
            let data: Data = serde_json::from_slice(json).context("reading an event")?;
            if let Some(row) = data.session
                && seen.send(Seen { board, session: row.id, version: row.version, at }).is_err()
            {
                return Ok(());
            }
        }
    }
    Ok(())
}
