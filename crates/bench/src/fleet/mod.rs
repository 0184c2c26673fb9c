//! A fleet of kiosks in a process of its own, light enough for thousands: plain sockets, and of the engine only when it
//! sends, waits and comes again.

mod crew;
mod http;
mod member;
mod run;
mod wire;

pub(crate) use crew::{Fleets, enlist};
pub(crate) use run::run;
pub(crate) use wire::{Account, Ask, Member, Order};
