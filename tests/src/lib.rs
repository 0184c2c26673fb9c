//! What the end-to-end tests share.

pub mod generated;
pub mod sql;
