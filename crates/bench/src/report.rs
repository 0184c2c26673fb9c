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

    pub(crate) fn of(times: &[Duration]) -> Self {
        Self::new(times.to_vec())
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

/// The middle one of some figures; the higher of the two middle ones where their number is even.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// To so many places.
pub(crate) fn rounded(figure: f64, places: i32) -> f64 {
    let unit = 10_f64.powi(places);
    (figure * unit).round() / unit
}

/// A report in the making.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<(String, String)>,
    values: Map<String, Value>,
}

impl Report {
    /// A report that begins with when and on what machine it was made, and how busy that is.
    pub(crate) fn new() -> Self {
        let mut report = Self::default();
        #[expect(clippy::disallowed_methods, reason = "a load generator lives in real time")]
        let at = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        report.figure("at", "measured at", at, "");
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let model = first_of("/proc/cpuinfo", |line| {
            Some(line.strip_prefix("model name")?.trim_start_matches([' ', '\t', ':']).to_owned())
        });
        report.figure("machine", "machine", format!("{cores} × {}", model.unwrap_or_default()), "");
        let load = first_of("/proc/loadavg", |line| line.split_whitespace().next().map(str::to_owned));
        report.figure("load", "load of the last minute", load.unwrap_or_default(), "");
        report
    }

    pub(crate) fn times(&mut self, key: &str, title: &str, times: &Times) {
        self.lines.push((title.to_owned(), times.line()));
        self.values.insert(key.to_owned(), times.json());
    }

    /// Times beside what they are compared with.
    pub(crate) fn pair(&mut self, key: &str, title: &str, measured: &Times, beside: &Times) {
        self.times(key, title, measured);
        let [p50, p95, p99] = [50, 95, 99].map(|share| beside.percentile(share));
        let ratio = rounded(measured.percentile(50) / beside.percentile(50), 2);
        if let (Some((_, line)), Some(value)) = (self.lines.last_mut(), self.values.get_mut(key)) {
            line.push_str(&format!("   | demo floor: p50 {p50:.2}  p95 {p95:.2}  p99 {p99:.2}   ratio {ratio:.2}"));
            value["demo"] = beside.json();
            value["ratio"] = json!(ratio);
        }
    }

    pub(crate) fn figure(&mut self, key: &str, title: &str, value: impl Into<Value>, unit: &str) {
        let value = value.into();
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.lines.push((title.to_owned(), format!("{shown} {unit}").trim_end().to_owned()));
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

/// The first line of a file that says something; nothing where there is no such file.
fn first_of(file: &str, say: impl Fn(&str) -> Option<String>) -> Option<String> {
    std::fs::read_to_string(file).ok()?.lines().find_map(say)
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

    #[test]
    fn the_middle_of_an_odd_number_is_one_of_them() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!(median(vec![]).is_nan());
        assert!((rounded(1.2349, 2) - 1.23).abs() < f64::EPSILON);
    }
}
