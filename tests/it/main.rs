//! End-to-end tests: real processes, real databases, real windows.
//!
//! One binary for all of them. A part is a module here; what parts share lives in `tests/src`.
//! Rules of one crate alone are tested in that crate, not here.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer, in what tests share as well")]
#![expect(unreachable_pub, reason = "this binary has no outside: pub means shared by its parts")]

mod alive;
mod api;
mod architecture;
mod bench;
mod browser;
mod defects;
mod desktop;
mod engine;
mod generated;
mod model;
mod ownership_model;
mod plans;
mod specification;
mod storage;
mod streams;
mod walkthrough;
