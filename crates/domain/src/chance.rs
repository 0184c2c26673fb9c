//! Chance as a parameter: ids and secrets.

use millrace_protocol::time::Timestamp;
use uuid::{Builder, Uuid};

/// A source of random bytes.
pub trait Chance: Send + Sync + std::fmt::Debug + 'static {
    /// Fills the buffer with bytes that nobody can foresee.
    fn fill(&self, buffer: &mut [u8]);

    /// A UUIDv7 (RFC 9562) of this moment.
    fn uuid(&self, now: Timestamp) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        Builder::from_unix_timestamp_millis(u64::try_from(now.millis()).unwrap_or_default(), &random).into_uuid()
    }
}

/// The operating system's source.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, buffer: &mut [u8]) {
        // Without randomness no secret can be made: there is nothing sensible left to do.
        #[expect(clippy::expect_used, reason = "a machine without randomness can't run a server")]
        getrandom::fill(buffer).expect("the operating system gives random bytes");
    }
}
