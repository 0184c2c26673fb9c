//! The demo floor: made once, the same in every house, kept on a later start.
//!
//! Who and what there is comes from a plan without chance ([`plan`]); what happened there in the weeks
//! before, from a seed ([`history`]). Passwords, PINs and tokens are random and are kept beside it
//! ([`secrets`]), so that a later start can say them again.
//!
//! Deliberately not here: anybody who works on that floor (see [`crate::alive`]).

pub mod furnish;
pub mod history;
pub mod ids;
pub mod orders;
pub mod people;
pub mod plan;
pub mod products;
pub mod reasons;
pub mod secrets;
pub mod shifts;
pub mod stations;
pub mod statuses;

pub use furnish::{Floor, Wish, furnish};

use millrace_protocol::status::Labels;

/// The demo's administrator, as he signs what he decides.
pub const ADMINISTRATOR: &str = "Demo Administrator";

/// How many stations and workers the living floor leaves alone: the first ones, with their kiosks.
pub const FREE: usize = 4;

/// A text in the languages the demo speaks.
fn labels(en: &str, he: &str) -> Labels {
    Labels::from([("en".to_owned(), en.to_owned()), ("he".to_owned(), he.to_owned())])
}
