//! Tests of the hub as a whole, on a log in memory.

mod client;
mod endings;
mod floor;
mod opening;
mod pipelines;
mod replay;
mod resume;
mod several;
