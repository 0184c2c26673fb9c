//! Tests of the hub as a whole, on a log in memory.
