//! End-to-end tests: real processes, real databases, real windows.
//!
//! One binary for all of them. A part is a module here; what parts share lives in `tests/src`.
//! Rules of one crate alone are tested in that crate, not here.

mod architecture;
mod generated;
mod specification;
