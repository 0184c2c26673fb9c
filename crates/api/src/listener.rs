//! Accepting TCP connections that end when their peer does.
//!
//! A cable that is pulled tells nobody. So each socket gives up when its peer has acknowledged nothing for a
//! while, and each connection gives up when a write has waited for room that long: a reader that takes nothing
//! is not waited for. Deliberately not here: TLS and HTTP.

use axum::serve::Listener;
use millrace_domain::Clock;
use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// For how long a write may wait for room.
pub const STALL: Duration = Duration::from_secs(45);

/// For how long a peer may leave acknowledged nothing of what was sent to it. A stream that has nothing to tell beats
/// every 12 s to 18 s, so a peer that is gone has acknowledged nothing for 48 s to 54 s when this has run out at the
/// latest, and for 45 s in the middle: within a minute it is known in any case.
pub const UNANSWERED: Duration = Duration::from_secs(36);

/// How many connections may wait to be accepted: after an outage all kiosks are back at once.
const BACKLOG: i32 = 4_096;

/// How long to wait when no descriptor is left.
const EXHAUSTED: Duration = Duration::from_millis(200);

/// Accepts connections, for `axum::serve`.
#[derive(Debug)]
pub struct Accepting {
    listener: TcpListener,
    clock: Arc<dyn Clock>,
}

impl Accepting {
    /// Listens on an address; port 0 takes a free one. To be called inside a tokio runtime.
    ///
    /// # Errors
    /// When the address can't be had.
    pub fn bind(address: SocketAddr, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // Old connections linger for a minute after a stop; a restart must not wait for them.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        Ok(Self { listener: TcpListener::from_std(socket.into())?, clock })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Listener for Accepting {
    type Io = Stalling<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    if let Err(error) = prepare(&stream) {
                        // The peer may be gone already; reading from it will tell.
                        tracing::debug!(%error, "a socket could not be set up");
                    }
                    return (Stalling::new(stream, self.clock.clone(), STALL), peer);
                }
                Err(error) if of_the_peer(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "connections can't be accepted");
                    self.clock.sleep(EXHAUSTED).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.address()
    }
}

/// Errors of one connection that was given up before it was accepted.
fn of_the_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

fn prepare(stream: &TcpStream) -> io::Result<()> {
    let socket = SockRef::from(stream);
    // An event is small and wants to go now.
    socket.set_tcp_nodelay(true)?;
    let keepalive = TcpKeepalive::new().with_time(Duration::from_secs(20)).with_interval(Duration::from_secs(5));
    socket.set_tcp_keepalive(&keepalive)?;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    socket.set_tcp_user_timeout(Some(UNANSWERED))?;
    Ok(())
}

/// How a connection ended, for whoever was served on it.
#[derive(Debug, Clone, Default)]
pub struct Fate(Arc<AtomicBool>);

impl Fate {
    /// Whether the peer had long been gone when the connection was given up: it did not leave, it was lost.
    #[must_use]
    pub fn was_lost(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// The peer was lost.
    pub(crate) fn lose(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// A connection that says how it ended.
pub trait Fated {
    /// How it ends, once it has.
    fn fate(&self) -> Fate;
}

impl<S> Fated for Stalling<S> {
    fn fate(&self) -> Fate {
        self.fate.clone()
    }
}

type Timer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A connection whose write fails when it has waited for room for too long.
pub struct Stalling<S> {
    inner: S,
    clock: Arc<dyn Clock>,
    limit: Duration,
    fate: Fate,
    /// Runs only while a write waits, so that an idle connection costs no timer.
    waiting: Option<Timer>,
}

impl<S> std::fmt::Debug for Stalling<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stalling").field("waiting", &self.waiting.is_some()).finish_non_exhaustive()
    }
}

impl<S> Stalling<S> {
    /// Wraps a connection.
    pub fn new(inner: S, clock: Arc<dyn Clock>, limit: Duration) -> Self {
        Self { inner, clock, limit, fate: Fate::default(), waiting: None }
    }

    /// Passes on what a write came to, and an error instead of waiting once the limit is reached.
    fn watch<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if let Poll::Ready(done) = written {
            self.waiting = None;
            return Poll::Ready(self.judged(done));
        }
        let timer = self.waiting.get_or_insert_with(|| {
            let (clock, limit) = (self.clock.clone(), self.limit);
            Box::pin(async move { clock.sleep(limit).await })
        });
        timer.as_mut().poll(cx).map(|()| Err(io::Error::new(io::ErrorKind::TimedOut, "the peer takes nothing")))
    }

    /// Remembers where the system has given the peer up.
    fn judged<T>(&self, done: io::Result<T>) -> io::Result<T> {
        done.inspect_err(|error| {
            if error.kind() == io::ErrorKind::TimedOut {
                self.fate.lose();
            }
        })
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Stalling<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.inner).poll_read(cx, buf);
        read.map(|done| self.judged(done))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stalling<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.watch(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.watch(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Not a write: a socket has nothing to flush, and its success would stop the timer of a write that waits.
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use millrace_domain::DrivenClock;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn a_write_that_waits_for_room_too_long_fails() {
        let clock = Arc::new(DrivenClock::new());
        let (near, _far) = tokio::io::duplex(8);
        let mut stream = Stalling::new(near, clock.clone(), STALL);
        stream.write_all(b"12345678").await.expect("room");
        let writer = tokio::spawn(async move { stream.write_all(b"9").await });
        tokio::task::yield_now().await;
        clock.advance(STALL - Duration::from_secs(5));
        tokio::task::yield_now().await;
        assert!(!writer.is_finished(), "not yet");
        clock.advance(Duration::from_secs(6));
        let error = writer.await.expect("ran").expect_err("stalled");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn progress_starts_the_wait_anew() {
        let clock = Arc::new(DrivenClock::new());
        let (near, mut far) = tokio::io::duplex(1);
        let mut stream = Stalling::new(near, clock.clone(), STALL);
        let writer = tokio::spawn(async move { stream.write_all(b"123").await });
        for _ in 0..3 {
            tokio::task::yield_now().await;
            clock.advance(STALL - Duration::from_secs(5));
            tokio::task::yield_now().await;
            far.read_u8().await.expect("a byte");
        }
        writer.await.expect("ran").expect("slow, but never stalled");
    }

    #[tokio::test]
    async fn an_accepted_connection_is_set_up_and_carries_bytes() {
        let clock = Arc::new(DrivenClock::new());
        let mut accepting = Accepting::bind("127.0.0.1:0".parse().expect("an address"), clock).expect("binds");
        let address = accepting.address().expect("an address");
        let (client, (mut server, _)) = tokio::join!(TcpStream::connect(address), accepting.accept());
        let mut client = client.expect("connects");
        assert!(server.inner.nodelay().expect("says"));
        #[cfg(target_os = "linux")]
        assert_eq!(SockRef::from(&server.inner).tcp_user_timeout().expect("says"), Some(UNANSWERED));
        server.write_all(b"hello").await.expect("writes");
        let mut read = [0; 5];
        client.read_exact(&mut read).await.expect("reads");
        assert_eq!(&read, b"hello");
    }
}
