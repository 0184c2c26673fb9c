//! What the end-to-end tests share.

pub mod browser;
pub mod cable;
pub mod call;
pub mod engine;
pub mod events;
pub mod generated;
pub mod ledger;
pub mod process;
pub mod server;
pub mod sql;
pub mod switch;
pub mod window;
