//! Connections: each is served by a task of its own until its peer, or the server, has enough.
//!
//! In place of `axum::serve`, which waits for ever for a request that is begun and never finished: a few thousand
//! sockets that say `GET` and nothing more would take every descriptor there is. Deliberately not here: accepting
//! (see [`crate::listener`]), bodies that don't come (see [`crate::body`]), and routes.

use crate::listener::Fated;
use crate::peer::Peer;
use axum::Router;
use axum::body::Body;
use axum::serve::Listener;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// For how long the head of a request may be on its way, counted from the end of the one before: so also how long a
/// kept connection may be silent. Longer than a kiosk is silent between heartbeats, and than a proxy keeps a
/// connection; a stream is no silence. In real time, whatever the clock of the server: it is about the peer's.
pub(crate) const HEAD: Duration = Duration::from_secs(75);

/// Accepts and serves until `shutdown`, then until every connection has ended. A head may take as long as `head`.
pub(crate) async fn serve<L>(mut listener: L, router: Router, head: Duration, shutdown: CancellationToken)
where
    L: Listener<Addr = SocketAddr>,
    L::Io: Fated,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head);
    let connections = TaskTracker::new();
    loop {
        let (io, address) = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.cancelled() => break,
        };
        let (peer, fate) = (Peer::at(address.ip()), io.fate());
        // Shares the routes; only a router with another state would be a copy of them.
        let routes = TowerToHyperService::new(router.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            request.extensions_mut().insert(fate.clone());
            routes.call(request)
        });
        let connection = http.serve_connection(TokioIo::new(io), service);
        let ending = shutdown.clone();
        connections.spawn(async move {
            let mut connection = pin!(connection);
            let served = tokio::select! {
                served = connection.as_mut() => served,
                () = ending.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = served {
                tracing::trace!(%error, "a connection ended in the middle of something");
            }
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listener::Accepting;
    use axum::routing::get;
    use millrace_domain::SystemClock;
    use std::sync::Arc;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    async fn served(head: Duration, shutdown: &CancellationToken) -> (SocketAddr, tokio::task::JoinHandle<()>) {
        let at = "127.0.0.1:0".parse().expect("an address");
        let listener = Accepting::bind(at, Arc::new(SystemClock::new())).expect("binds");
        let address = listener.address().expect("an address");
        let router = Router::new().route("/", get(async |peer: Peer| peer.to_string()));
        (address, tokio::spawn(serve(listener, router, head, shutdown.clone())))
    }

    async fn rest(stream: &mut TcpStream) -> String {
        let mut said = String::new();
        stream.read_to_string(&mut said).await.expect("reads to the end");
        said
    }

    #[tokio::test]
    async fn a_request_that_is_never_finished_ends() {
        let shutdown = CancellationToken::new();
        let (address, _served) = served(Duration::from_millis(100), &shutdown).await;
        for begun in ["", "G", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow:", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"] {
            let mut stream = TcpStream::connect(address).await.expect("connects");
            stream.write_all(begun.as_bytes()).await.expect("writes");
            let answered = begun.ends_with("\r\n\r\n");
            assert_eq!(rest(&mut stream).await.contains("200 OK"), answered, "{begun:?}");
        }
    }

    #[tokio::test]
    async fn a_request_knows_its_peer_and_the_end_waits_for_nobody_idle() {
        let shutdown = CancellationToken::new();
        let (address, served) = served(HEAD, &shutdown).await;
        let mut stream = TcpStream::connect(address).await.expect("connects");
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("writes");
        let mut said = [0; 1024];
        let length = stream.read(&mut said).await.expect("reads");
        assert!(String::from_utf8_lossy(&said[..length]).ends_with("127.0.0.1"));
        shutdown.cancel();
        served.await.expect("ends although a connection is kept");
        assert_eq!(rest(&mut stream).await, "");
    }
}
