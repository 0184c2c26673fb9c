//! The floor that plays by itself: players who work at the demo's kiosks, through the public HTTP interface only.
//!
//! One conductor says what happens next and where ([`conductor`]), so that whoever watches for two
//! minutes sees every kind of event; at each station a post does it ([`post`]), beats the heart, and
//! goes on by itself from setup or stop to production. Nothing here knows the database: what works
//! here works for any kiosk.
//!
//! Deliberately not here: load. Stations beyond the basic ones, and the first four, are left to others.

pub mod conductor;
mod crew;
mod menu;
mod post;
mod wire;

use crate::demo::ids::Seed;
use crate::demo::secrets::Secrets;
use crate::demo::{FREE, Floor, people, plan, stations};
use conductor::{Conductor, Phase};
use crew::{Crew, Member};
use millrace_domain::Clock;
use millrace_protocol::StationId;
use millrace_protocol::session::Session;
use post::{Order, Post};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use wire::{CallError, Desk, Wire};

/// Before the floor is asked for again, when it could not be seen.
const RETRY: Duration = Duration::from_secs(2);

/// Who plays, where, and with which secrets.
#[derive(Debug)]
pub struct Cast {
    posts: Vec<(usize, StationId)>,
    members: Vec<Member>,
    secrets: Secrets,
}

impl Cast {
    /// The basic floor without what is left alone.
    #[must_use]
    pub fn of(floor: &Floor) -> Self {
        let posts = FREE..floor.extent.kiosks.min(stations::BASIC.len());
        let members = plan::workers(FREE..people::BASIC.len())
            .map(|(_, worker)| Member { pin: floor.secrets.pins.get(&worker.code).cloned(), code: worker.code });
        Self {
            posts: posts.map(|number| (number, plan::station_id(number))).collect(),
            members: members.collect(),
            secrets: floor.secrets.clone(),
        }
    }
}

/// What each post is doing, as conductor and posts know it together.
#[derive(Debug)]
struct Board(Mutex<Vec<Phase>>);

impl Board {
    fn new(posts: usize) -> Self {
        Self(Mutex::new(vec![Phase::Empty; posts]))
    }

    fn set(&self, post: usize, phase: Phase) {
        if let Some(place) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(post) {
            *place = phase;
        }
    }

    fn all(&self) -> Vec<Phase> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Plays until the server shuts down.
pub async fn play(url: String, cast: Cast, clock: Arc<dyn Clock>, shutdown: CancellationToken) {
    let Ok(wire) = Wire::new(&url) else {
        tracing::error!("the floor can't play: this process gets no sockets");
        return;
    };
    shutdown.run_until_cancelled(perform(wire, cast, clock, shutdown.clone())).await;
}

async fn perform(wire: Wire, cast: Cast, clock: Arc<dyn Clock>, shutdown: CancellationToken) {
    let (desk, open) = look(&wire, &cast.secrets, clock.as_ref()).await;
    let busy: BTreeSet<&str> = open.values().map(|session| session.worker_code.as_str()).collect();
    let (held, idle): (Vec<Member>, Vec<Member>) =
        cast.members.into_iter().partition(|member| busy.contains(member.code.as_str()));
    let mut held: BTreeMap<String, Member> = held.into_iter().map(|member| (member.code.clone(), member)).collect();
    let crew = Arc::new(Crew::new(idle));
    let board = Arc::new(Board::new(cast.posts.len()));

    let tasks = TaskTracker::new();
    let mut orders = Vec::new();
    for (place, (number, station)) in cast.posts.into_iter().enumerate() {
        let (sender, receiver) = mpsc::channel(2);
        let wire = wire.with_token(&cast.secrets.tokens[number]);
        let post = Post::new(place, station, (wire, desk.clone()), crew.clone(), board.clone(), clock.clone());
        tasks.spawn(shutdown.clone().run_until_cancelled_owned(post.work(receiver)));
        // Left over from an earlier run: its worker comes back to the same kiosk and takes it over.
        if let Some(left) = open.get(&station)
            && let Some(member) = held.remove(&left.worker_code)
        {
            board.set(place, Phase::Busy);
            // The channel is new and empty: there is room.
            drop(sender.try_send(Order::Resume(member, left.id)));
        }
        orders.push(sender);
    }
    tracing::info!(posts = orders.len(), "the floor plays");
    conduct(&orders, &board, clock.as_ref()).await;
}

/// Says what happens next, for ever.
async fn conduct(orders: &[mpsc::Sender<Order>], board: &Board, clock: &dyn Clock) {
    let mut conductor = Conductor::new(Seed::new(7420));
    loop {
        let step = conductor.next(&board.all());
        if let Some((post, act)) = step.call {
            board.set(post, Phase::Busy);
            if orders[post].try_send(Order::Act(act)).is_err() {
                tracing::debug!(post, "a player has not finished yet");
            }
        }
        clock.sleep(step.pause).await;
    }
}

/// The supervisor's desk, and every open session by its station, asked for until the server tells.
async fn look(wire: &Wire, secrets: &Secrets, clock: &dyn Clock) -> (Desk, BTreeMap<StationId, Session>) {
    let mut said = false;
    loop {
        let seen = async {
            let desk = wire.desk(&secrets.username, &secrets.password).await?;
            let open = desk.open_sessions().await?;
            Ok::<_, CallError>((desk, open))
        };
        match seen.await {
            Ok((desk, open)) => return (desk, open.into_iter().map(|session| (session.station_id, session)).collect()),
            Err(error) => {
                if !said {
                    tracing::warn!(%error, "the players can't see the floor yet; trying again");
                    said = true;
                }
                clock.sleep(RETRY).await;
            }
        }
    }
}
