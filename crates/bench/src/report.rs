//! Figures: percentiles, a table for people, JSON for programs.

use serde_json::{Map, Value, json};
use std::time::Duration;

/// Measured times, sorted.
#[derive(Debug)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The smallest time that `share` (0 to 100) per cent of them do not exceed, in milliseconds.
    pub(crate) fn percentile(&self, share: usize) -> f64 {
        let rank = (self.0.len() * share).div_ceil(100).max(1);
        self.0.get(rank - 1).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
    }

    fn line(&self) -> String {
        let [p50, p95, p99, most] = [50, 95, 99, 100].map(|share| self.percentile(share));
        format!("p50 {p50:>8.2} ms   p95 {p95:>8.2} ms   p99 {p99:>8.2} ms   max {most:>8.2} ms   n {}", self.0.len())
    }

    fn json(&self) -> Value {
        let [p50, p95, p99, most] = [50, 95, 99, 100].map(|share| self.percentile(share));
        json!({ "p50Ms": p50, "p95Ms": p95, "p99Ms": p99, "maxMs": most, "n": self.0.len() })
    }
}

/// A report in the making.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<(String, String)>,
    values: Map<String, Value>,
}

impl Report {
    pub(crate) fn times(&mut self, key: &str, title: &str, times: &Times) {
        self.lines.push((title.to_owned(), times.line()));
        self.values.insert(key.to_owned(), times.json());
    }

    pub(crate) fn figure(&mut self, key: &str, title: &str, value: impl Into<Value>, unit: &str) {
        let value = value.into();
        self.lines.push((title.to_owned(), format!("{value} {unit}").trim_end().to_owned()));
        self.values.insert(key.to_owned(), value);
    }

    /// Prints the table, then one line of JSON.
    #[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
    pub(crate) fn print(&self) {
        for (title, value) in &self.lines {
            println!("{title:<44} {value}");
        }
        println!("{}", Value::Object(self.values.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let times = Times::new((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!([50, 95, 99, 100].map(|share| times.percentile(share)), [100.0, 190.0, 198.0, 200.0]);
        assert!(Times::new(vec![]).percentile(50).is_nan());
    }
}
