//! Which boot of the machine this is, and its clock that runs on in suspend.
//!
//! A tap keeps both, so that its time can be told after the wall clock was set. Where the system
//! names neither (anything but Linux) they are absent, and times are told by the wall clock alone.

/// One boot of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boot {
    id: Option<String>,
}

impl Boot {
    /// The boot we run in.
    #[must_use]
    pub fn current() -> Self {
        let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok().map(|text| text.trim().to_owned());
        Self { id: id.filter(|id| !id.is_empty()) }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Milliseconds since it began, suspend included.
    #[must_use]
    pub fn millis(&self) -> Option<i64> {
        uptime(&std::fs::read_to_string("/proc/uptime").ok()?)
    }
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

    #[test]
    fn uptime_is_read_in_milliseconds() {
        assert_eq!(uptime("1234.56 999.00\n"), Some(1_234_560));
        assert_eq!(uptime("7.5 1\n"), Some(7_500));
        assert_eq!(uptime("no number"), None);
        assert_eq!(uptime(""), None);
    }
}
