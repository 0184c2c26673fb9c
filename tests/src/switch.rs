//! A switch between kiosks and their server: a test can turn it off, and cut a connection at the very moment it wants.

use crate::server::TestServer;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

/// The moment at which nothing passes any more on the connection that is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The request has left the kiosk; the server never sees it.
    Request,
    /// The server has answered; the kiosk never hears it.
    Answer,
}

/// What a test has set, and what has passed.
#[derive(Debug, Default)]
struct Watched {
    trap: Mutex<Option<(String, Moment)>>,
    sprung: Notify,
    passed: Mutex<Vec<Vec<u8>>>,
}

/// A switch before the server: always the same end at the kiosk, whatever is at the other one.
#[derive(Debug)]
pub struct Switch {
    /// The kiosk's end.
    pub url: String,
    plug: watch::Sender<Option<SocketAddr>>,
    watched: Arc<Watched>,
}

impl Switch {
    /// Turned on, and leading to this server.
    ///
    /// # Panics
    /// When the system has no port to give.
    pub async fn to(server: &TestServer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (plug, plugged) = watch::channel(None);
        let watched = Arc::new(Watched::default());
        tokio::spawn({
            let watched = watched.clone();
            async move {
                while let Ok((near, _)) = listener.accept().await {
                    tokio::spawn(carry(near, plugged.clone(), watched.clone()));
                }
            }
        });
        let switch = Self { url, plug, watched };
        switch.leads_to(server);
        switch
    }

    /// Everything passes, to and from this server.
    ///
    /// # Panics
    /// When the server's address is none.
    pub fn leads_to(&self, server: &TestServer) {
        let address = server.url.strip_prefix("http://").and_then(|address| address.parse().ok());
        self.plug.send_replace(Some(address.expect("an address")));
    }

    /// Nothing passes any more, in either direction.
    pub fn turn_off(&self) {
        self.plug.send_replace(None);
    }

    /// The next request to this path gets no further than that.
    pub fn cut_at(&self, path: &str, moment: Moment) {
        *lock(&self.watched.trap) = Some((format!("POST {path} "), moment));
    }

    /// Waits until a request was cut.
    pub async fn was_cut(&self) {
        self.watched.sprung.notified().await;
    }

    /// How many requests that may change something have come.
    #[must_use]
    pub fn came(&self) -> usize {
        lock(&self.watched.passed).len()
    }

    /// Whether each of them that came after the first so many was to this path, by who sent it, in order.
    #[must_use]
    pub fn order_of(&self, path: &str, after: usize) -> BTreeMap<String, Vec<bool>> {
        let head = format!("POST {path} ");
        let mut order = BTreeMap::<_, Vec<_>>::new();
        for request in lock(&self.watched.passed).iter().skip(after) {
            let text = String::from_utf8_lossy(request);
            let sender = text.lines().find_map(|line| {
                let (name, token) = line.split_once(':')?;
                name.eq_ignore_ascii_case("authorization").then(|| token.trim().to_owned())
            });
            order.entry(sender.unwrap_or_default()).or_default().push(text.starts_with(&head));
        }
        order
    }

    /// The requests that came to this path, as they were, in order.
    #[must_use]
    pub fn passed(&self, path: &str) -> Vec<Vec<u8>> {
        let head = format!("POST {path} ");
        lock(&self.watched.passed).iter().filter(|request| request.starts_with(head.as_bytes())).cloned().collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn carry(near: TcpStream, mut plugged: watch::Receiver<Option<SocketAddr>>, watched: Arc<Watched>) {
    let Some(address) = *plugged.borrow_and_update() else { return };
    let Ok(far) = TcpStream::connect(address).await else { return };
    tokio::select! {
        () = pass(near, far, &watched) => {}
        _ = plugged.changed() => {}
    }
}

/// Carries bytes both ways; a connection that is cut stays open and says nothing until the switch is turned off or leads elsewhere.
async fn pass(mut near: TcpStream, mut far: TcpStream, watched: &Watched) {
    let (mut up, mut down) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    let mut holds_answer = false;
    loop {
        tokio::select! {
            read = near.read(&mut up) => {
                let Ok(length @ 1..) = read else { return };
                let bytes = &up[..length];
                if bytes.starts_with(b"POST ") {
                    lock(&watched.passed).push(bytes.to_vec());
                }
                let caught = lock(&watched.trap).take_if(|(head, _)| bytes.starts_with(head.as_bytes()));
                match caught {
                    Some((_, Moment::Request)) => {
                        watched.sprung.notify_one();
                        return std::future::pending().await;
                    }
                    Some((_, Moment::Answer)) => holds_answer = true,
                    None => {}
                }
                if far.write_all(bytes).await.is_err() {
                    return;
                }
            }
            read = far.read(&mut down) => {
                let Ok(length @ 1..) = read else { return };
                if holds_answer {
                    watched.sprung.notify_one();
                    return std::future::pending().await;
                }
                if near.write_all(&down[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}
