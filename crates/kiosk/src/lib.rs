//! The kiosk's engine, without a window: it owns the session, beats the heart, keeps the outbox and
//! reads the streams.
//!
//! Commands go in through [`Engine`], one [`view::KioskView`] comes out. What a worker tapped is on
//! this machine's disk before the view says so, and goes to the server in order, for as long as it takes.
//!
//! Deliberately not here: windows and IPC (the shell), and rules of the trade (`millrace-domain`; the
//! server has the last word).

pub mod backoff;
pub mod boot;
pub mod client;
pub mod desk;
pub mod engine;
pub mod expected;
pub mod outbox;
mod owner;
pub mod store;
pub mod stream;
pub mod view;

pub use desk::Desk;
pub use engine::{CommandError, Engine, StatusChange};
pub use store::{Identity, Store, StoreError};
