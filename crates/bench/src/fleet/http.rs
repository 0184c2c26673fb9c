//! As much HTTP as a kiosk needs: one request after the other on a kept connection, in as few steps as there can be.

use anyhow::{Context, bail};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The longest answer.
const MOST: usize = 16 * 1024;
/// As the engine: no answer for so long is none.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    pub(super) body: String,
}

/// A kept connection, made when it is needed.
#[derive(Debug)]
pub(super) struct Line {
    address: String,
    socket: Option<TcpStream>,
}

impl Line {
    pub(super) fn to(address: &str) -> Self {
        Self { address: address.to_owned(), socket: None }
    }

    /// Connects, where it is not.
    pub(super) async fn connect(&mut self) -> anyhow::Result<&mut TcpStream> {
        if self.socket.is_none() {
            let socket = TcpStream::connect(&self.address).await?;
            socket.set_nodelay(true)?;
            self.socket = Some(socket);
        }
        self.socket.as_mut().context("a connection")
    }

    /// Sends a request and reads its answer. What fails costs the connection.
    pub(super) async fn send(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        let answered = tokio::time::timeout(PATIENCE, self.exchange(request)).await;
        let answered = answered.context("no answer").flatten();
        if answered.is_err() {
            self.socket = None;
        }
        answered
    }

    async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        let socket = self.connect().await?;
        socket.write_all(request).await?;
        let mut bytes = Vec::with_capacity(1_024);
        loop {
            let read = socket.read_buf(&mut bytes).await?;
            if let Some(answer) = parsed(&bytes)? {
                return Ok(answer);
            }
            if read == 0 || bytes.len() > MOST {
                bail!("no whole answer");
            }
        }
    }
}

/// An answer, where all of it is there.
fn parsed(bytes: &[u8]) -> anyhow::Result<Option<Answer>> {
    let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..head])?;
    let header = |name: &str| {
        text.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let length: usize = header("content-length").context("no length")?.parse()?;
    let body = &bytes[head + 4..];
    if body.len() < length {
        return Ok(None);
    }
    let status = text.split(' ').nth(1).context("no status")?.parse()?;
    let retry_after = header("retry-after").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    Ok(Some(Answer { status, retry_after, body: String::from_utf8_lossy(&body[..length]).into_owned() }))
}

/// A POST of JSON by this kiosk.
pub(super) fn post(address: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_there_when_all_of_it_is() {
        let whole = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\nretry-after: 3\r\n\r\n{}";
        for cut in 0..whole.len() {
            assert!(parsed(&whole[..cut]).expect("so far so good").is_none(), "{cut}");
        }
        let answer = parsed(whole).expect("reads").expect("is whole");
        assert_eq!((answer.status, answer.retry_after, answer.body), (503, Some(Duration::from_secs(3)), "{}".into()));
    }
}
