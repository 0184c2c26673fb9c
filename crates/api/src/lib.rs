//! Millrace's HTTP interface: routes, rights, live streams, and the pages.
//!
//! A handler parses, calls one storage command, and maps the result. Streams are views on the one
//! change log, served by one hub ([`stream`]).
//!
//! Deliberately not here: any rule of the trade (`millrace-domain`), and any database: storage comes
//! in as a trait object.

mod answer;
mod auth;
mod body;
mod connections;
mod error;
mod flow;
mod if_match;
mod list;
pub mod listener;
mod openapi;
mod page;
mod peer;
mod picture;
mod query;
mod routes;
pub mod secret;
mod serve;
mod settings;
mod state;
pub mod stream;
mod watch;

pub use openapi::document;
pub use serve::{Parts, serve};
pub use settings::Settings;
