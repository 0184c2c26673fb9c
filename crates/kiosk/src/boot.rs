//! Which boot of the machine this is, and its clock that runs on in suspend.
//!
//! A tap keeps both, so that its time can be told after the wall clock was set. Where the system
//! names neither (anything but Linux) they are absent, and times are told by the wall clock alone.

use millrace_domain::{Clock, DrivenClock};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// One boot of this machine.
pub trait Boot: Send + Sync + std::fmt::Debug + 'static {
    /// Its id; another one for each boot.
    fn id(&self) -> Option<String>;

    /// Milliseconds since it began, suspend included.
    fn millis(&self) -> Option<i64>;
}

/// The boot that this process runs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemBoot {
    id: Option<String>,
}

impl SystemBoot {
    /// Asks the system once: a process never sees another boot.
    #[must_use]
    pub fn current() -> Self {
        let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok().map(|text| text.trim().to_owned());
        Self { id: id.filter(|id| !id.is_empty()) }
    }
}

impl Boot for SystemBoot {
    fn id(&self) -> Option<String> {
        self.id.clone()
    }

    fn millis(&self) -> Option<i64> {
        uptime(&std::fs::read_to_string("/proc/uptime").ok()?)
    }
}

/// A machine that tests put to sleep and boot. Awake, its clock is the steady hand of the driven clock.
#[derive(Debug)]
pub struct DrivenBoot {
    clock: Arc<DrivenClock>,
    id: String,
    ahead: AtomicI64,
}

impl DrivenBoot {
    /// A machine that was just booted.
    #[must_use]
    pub fn new(clock: Arc<DrivenClock>, id: &str) -> Self {
        let ahead = AtomicI64::new(-steady(&clock));
        Self { clock, id: id.to_owned(), ahead }
    }

    /// It sleeps for so long: this clock and the wall clock run on, the steady hand stands still.
    pub fn sleep(&self, millis: i64) {
        self.clock.jump_wall(millis);
        self.ahead.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Boot for DrivenBoot {
    fn id(&self) -> Option<String> {
        Some(self.id.clone())
    }

    fn millis(&self) -> Option<i64> {
        Some(steady(&self.clock) + self.ahead.load(Ordering::Relaxed))
    }
}

fn steady(clock: &DrivenClock) -> i64 {
    i64::try_from(clock.monotonic().as_millis()).unwrap_or(i64::MAX)
}

/// The first number of `/proc/uptime`: seconds with a fraction.
fn uptime(text: &str) -> Option<i64> {
    let (seconds, fraction) = text.split_whitespace().next()?.split_once('.')?;
    let hundredths: i64 = format!("{fraction:0<2}").get(..2)?.parse().ok()?;
    Some(seconds.parse::<i64>().ok()? * 1000 + hundredths * 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn uptime_is_read_in_milliseconds() {
        assert_eq!(uptime("1234.56 999.00\n"), Some(1_234_560));
        assert_eq!(uptime("7.5 1\n"), Some(7_500));
        assert_eq!(uptime("no number"), None);
        assert_eq!(uptime(""), None);
    }

    #[test]
    fn the_clock_of_a_boot_runs_on_in_suspend_and_is_not_set_with_the_wall_clock() {
        let clock = Arc::new(DrivenClock::new());
        let boot = DrivenBoot::new(clock.clone(), "one");
        let before = boot.millis().expect("a time");
        boot.sleep(60_000);
        clock.jump_wall(-3_600_000);
        clock.advance(Duration::from_secs(5));
        let passed = boot.millis().expect("a time") - before;
        assert!((65_000..75_000).contains(&passed), "{passed}");
    }
}
