//! The clock for tests: it shows the machine's time until a line on stdin moves it.
//!
//! `advance <ms>` lets time pass, `jump-wall <ms>` sets the wall clock; each is answered by one line on
//! stdout, so that a test knows when it has happened. Only a server that listens on loopback has it.

use millrace_domain::DrivenClock;
use serde_json::{Value, json};
use std::io::BufRead;
use std::sync::Arc;
use std::time::Duration;

/// What a line asks for.
#[derive(Debug, PartialEq, Eq)]
enum Order {
    Advance(u64),
    JumpWall(i64),
}

/// Obeys the lines on stdin until it is closed. A thread of its own: reading a terminal can't be cancelled.
pub fn obey(clock: Arc<DrivenClock>) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            let answer = match read(&line) {
                Some(order) => follow(&clock, &order),
                None => json!({"error": "a line is `advance <ms>` or `jump-wall <ms>`"}),
            };
            if crate::say(&answer.to_string()).is_err() {
                return;
            }
        }
    });
}

fn read(line: &str) -> Option<Order> {
    let (word, number) = line.trim().split_once(' ')?;
    match word {
        "advance" => number.parse().ok().map(Order::Advance),
        "jump-wall" => number.parse().ok().map(Order::JumpWall),
        _ => None,
    }
}

fn follow(clock: &DrivenClock, order: &Order) -> Value {
    match *order {
        Order::Advance(millis) => {
            clock.advance(Duration::from_millis(millis));
            json!({"advanced": millis})
        }
        Order::JumpWall(millis) => {
            clock.jump_wall(millis);
            json!({"jumpedWall": millis})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use millrace_domain::Clock;

    #[test]
    fn a_line_moves_the_clock_and_is_answered() {
        let clock = DrivenClock::new();
        let before = clock.monotonic();
        assert_eq!(follow(&clock, &read("advance 60000").expect("an order")), json!({"advanced": 60_000}));
        assert!(clock.monotonic() - before >= Duration::from_secs(60));
        assert_eq!(read("jump-wall -5"), Some(Order::JumpWall(-5)));
        for wrong in ["", "advance", "advance -1", "advance x", "stop 1"] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
