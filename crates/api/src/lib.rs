//! placeholder

pub mod listener;
pub mod stream;
