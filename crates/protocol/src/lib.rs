//! What goes over the wire between kiosk, server and board: types, ids and error codes.
//!
//! JSON in camelCase, times RFC 3339 UTC with milliseconds, ids UUIDv7. Every type here
//! derives its JSON Schema (for `/api/openapi.json`) and its TypeScript twin (for `ui/`),
//! so that nobody writes a second copy by hand.
//!
//! Deliberately not here: any rule of the trade (see `millrace-domain`) and any I/O.

pub mod access;
pub mod action;
pub mod amendment;
pub mod catalogue;
pub mod checklist;
pub mod cursor;
pub mod desk;
pub mod device;
pub mod error;
pub mod floor;
pub mod health;
pub mod history;
pub mod ids;
pub mod job;
pub mod page;
pub mod people;
pub mod planning;
pub mod plant;
pub mod provisions;
pub mod quantity;
pub mod report;
pub mod session;
pub mod station;
pub mod status;
pub mod stream;
pub mod time;
pub mod worker;

pub use cursor::Cursor;
pub use error::{Code, Problem};
pub use ids::*;
pub use page::Page;

/// For members of a request that hold unless they are said not to.
fn yes() -> bool {
    true
}
