//! The least a server on hyper can do (`millrace-bench thin`): bytes that are posted go to every reader, shared. No
//! database, no rights, no cursors, no heartbeats. What Millrace adds to this is what Millrace costs.

use anyhow::Context;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Method, Request, Response};
use http_body::{Body, Frame};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use tokio::io::AsyncReadExt;
use tokio::net::TcpSocket;

/// How many connections may wait to be accepted, as Millrace has it.
const BACKLOG: u32 = 4_096;

/// Everything that was posted, and who waits for more.
#[derive(Debug, Default)]
struct Shared(Mutex<Inside>);

#[derive(Debug, Default)]
struct Inside {
    frames: Vec<Bytes>,
    waiting: Vec<Option<Waker>>,
}

impl Shared {
    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, frame: Bytes) {
        let mut inside = self.inside();
        inside.frames.push(frame);
        let wakers: Vec<Waker> = inside.waiting.iter_mut().filter_map(Option::take).collect();
        drop(inside);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// A body that gives what is posted from now on.
    fn read(self: &Arc<Self>) -> Tail {
        let mut inside = self.inside();
        inside.waiting.push(None);
        let first = Some(Bytes::from(format!("id: thin.{}\nevent: initial\ndata: {{}}\n\n", inside.frames.len())));
        Tail { shared: self.clone(), seat: inside.waiting.len() - 1, next: inside.frames.len(), first }
    }
}

/// A reader's body.
#[derive(Debug)]
struct Tail {
    shared: Arc<Shared>,
    seat: usize,
    next: usize,
    first: Option<Bytes>,
}

impl Body for Tail {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        let tail = &mut *self;
        let mut inside = tail.shared.inside();
        match inside.frames.get(tail.next) {
            Some(frame) => {
                tail.next += 1;
                Poll::Ready(Some(Ok(Frame::data(frame.clone()))))
            }
            None => {
                inside.waiting[tail.seat] = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// An answer: a stream, or nothing.
enum Answer {
    Stream(Tail),
    Empty,
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Stream(tail) => Pin::new(tail).poll_frame(cx),
            Self::Empty => Poll::Ready(None),
        }
    }
}

/// Serves until its stdin ends; says on stdout where.
///
/// # Errors
/// When it can't listen.
pub(crate) async fn run(listen: &str) -> anyhow::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(listen.parse().context("an address to listen on")?)?;
    let listener = socket.listen(BACKLOG)?;
    say(&listener.local_addr()?.to_string());
    let shared = Arc::new(Shared::default());
    let mut owner = tokio::io::stdin();
    loop {
        let (stream, _) = tokio::select! {
            accepted = listener.accept() => accepted?,
            // Whoever started it has ended.
            _ = owner.read_u8() => return Ok(()),
        };
        stream.set_nodelay(true)?;
        let shared = shared.clone();
        let service = service_fn(move |request| answer(shared.clone(), request));
        tokio::spawn(async move {
            // A reader that is gone is gone.
            let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

#[expect(clippy::print_stdout, reason = "its address is what this process has to say")]
fn say(address: &str) {
    println!("{address}");
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Answer>, hyper::Error> {
    if request.method() == Method::POST {
        shared.publish(whole(request.into_body()).await?);
        return Ok(Response::new(Answer::Empty));
    }
    let mut response = Response::new(Answer::Stream(shared.read()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, http::HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, http::HeaderValue::from_static("no-cache"));
    Ok(response)
}

async fn whole(body: Incoming) -> Result<Bytes, hyper::Error> {
    let mut body = pin!(body);
    let mut whole = Vec::new();
    while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        if let Ok(data) = frame?.into_data() {
            whole.extend_from_slice(&data);
        }
    }
    Ok(whole.into())
}
