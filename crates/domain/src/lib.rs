//! The rules of the trade, pure: no database, no HTTP, no window.
//!
//! A storage command loads what a rule needs, calls one function of this crate, and writes the
//! effects that come back. The kiosk's engine calls the same functions on what it knows, so that a
//! worker sees a mistake at once. Time and chance are passed in ([`clock::Clock`], [`chance::Chance`]).
//!
//! Deliberately not here: SQL, axum, tauri, and anything that reads the process's own clock
//! outside [`clock::SystemClock`].

pub mod action;
pub mod amendment;
pub mod approval;
pub mod calendar;
pub mod call;
pub mod catalogue;
pub mod chance;
pub mod change;
pub mod checklist;
pub mod clock;
pub mod colour;
pub mod deed;
pub mod draft;
pub mod job;
pub mod labels;
pub mod message;
pub mod people;
pub mod planning;
pub mod policy;
pub mod quantity;
pub mod refusal;
pub mod report;
pub mod session;
pub mod station;
pub mod status;
pub mod storage;
pub mod text;
#[cfg(test)]
mod trade_cases;

pub use chance::{Chance, SystemChance};
pub use clock::{Clock, DrivenClock, SystemClock};
pub use policy::Policy;
pub use refusal::Refusal;
