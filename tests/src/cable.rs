//! A cable to the server that a test can pull: always the same end for the client, whatever is at the other one.
//!
//! Where it is pulled nothing passes and nobody is told: connections stay open, bytes wait. It has threads of its own
//! and no runtime, so that tests of every kind can have one.

use crate::server::TestServer;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

#[derive(Debug, Clone, Copy)]
struct Plug {
    server: SocketAddr,
    is_in: bool,
}

#[derive(Debug)]
struct Shared {
    plug: Mutex<Plug>,
    changed: Condvar,
}

impl Shared {
    fn plug(&self) -> MutexGuard<'_, Plug> {
        self.plug.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until bytes may pass, and says where to.
    fn passable(&self) -> SocketAddr {
        let plug = self.changed.wait_while(self.plug(), |plug| !plug.is_in);
        plug.unwrap_or_else(PoisonError::into_inner).server
    }

    fn turn(&self, change: impl FnOnce(&mut Plug)) {
        change(&mut self.plug());
        self.changed.notify_all();
    }
}

/// The cable. Its threads end with their connections, or with the test.
#[derive(Debug)]
pub struct Cable {
    shared: Arc<Shared>,
    /// Where the client finds it.
    pub url: String,
}

impl Cable {
    /// A cable that is plugged in.
    ///
    /// # Panics
    /// When the system has no port to give.
    #[must_use]
    pub fn to(server: &TestServer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let plug = Mutex::new(Plug { server: address(server), is_in: true });
        let shared = Arc::new(Shared { plug, changed: Condvar::new() });
        let accepting = shared.clone();
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let shared = accepting.clone();
                std::thread::spawn(move || connect(near, &shared));
            }
        });
        Self { shared, url }
    }

    /// Nothing passes any more, and nobody is told.
    pub fn pull(&self) {
        self.shared.turn(|plug| plug.is_in = false);
    }

    /// Everything passes again, also what has waited.
    pub fn plug_in(&self) {
        self.shared.turn(|plug| plug.is_in = true);
    }

    /// New connections lead to this server.
    ///
    /// # Panics
    /// When the server has no address.
    pub fn leads_to(&self, server: &TestServer) {
        let server = address(server);
        self.shared.turn(|plug| plug.server = server);
    }
}

fn address(server: &TestServer) -> SocketAddr {
    server.url.strip_prefix("http://").and_then(|address| address.parse().ok()).expect("an address")
}

fn connect(near: TcpStream, shared: &Arc<Shared>) {
    let Ok(far) = TcpStream::connect(shared.passable()) else { return };
    let (Ok(near_again), Ok(far_again)) = (near.try_clone(), far.try_clone()) else { return };
    let back = shared.clone();
    std::thread::spawn(move || carry(far_again, near_again, &back));
    carry(near, far, shared);
}

/// Carries bytes one way until either end has gone; the other end learns it once that may pass, too.
fn carry(mut from: TcpStream, mut to: TcpStream, shared: &Shared) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        shared.passable();
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    shared.passable();
    // They may have ended by themselves.
    drop(from.shutdown(Shutdown::Both));
    drop(to.shutdown(Shutdown::Both));
}
