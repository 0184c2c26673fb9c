//! The secrets of the demo floor: random, and kept in `demo.json` in the data directory (mode 0600), because
//! a later start prints them again. A real floor keeps only hashes; this file is what makes it a demo.

use super::people;
use super::plan::Extent;
use crate::folder;
use anyhow::Context;
use millrace_api::secret;
use millrace_domain::Chance;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

const FILE: &str = "demo.json";

/// What the demo's administrator logs in with.
const ADMIN: &str = "admin";

/// Letters and digits that nobody takes for one another.
const READABLE: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The secrets of a demo floor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// The administrator's user name.
    pub username: String,
    /// The administrator's password.
    pub password: String,
    /// PINs by the worker's code.
    pub pins: BTreeMap<String, String>,
    /// Tokens by the kiosk's number.
    pub tokens: Vec<String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("kiosks", &self.tokens.len()).finish_non_exhaustive()
    }
}

impl Secrets {
    /// Those of an earlier start, or new ones.
    ///
    /// # Errors
    /// When the file is there but can't be read.
    pub fn load_or_make(folder: &Path, chance: &dyn Chance) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text)
                .with_context(|| format!("{} is not what a demo wrote; remove the data directory", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::new(chance)),
            Err(error) => Err(error).with_context(|| format!("{} can't be read", path.display())),
        }
    }

    fn new(chance: &dyn Chance) -> Self {
        Self { username: ADMIN.to_owned(), password: password(chance), pins: BTreeMap::new(), tokens: Vec::new() }
    }

    /// Adds what a floor of this extent needs and keeps what there is. Returns whether anything was added.
    pub fn extend(&mut self, extent: Extent, chance: &dyn Chance) -> bool {
        let before = (self.pins.len(), self.tokens.len());
        for worker in (0..extent.workers).map(people::worker).filter(|worker| worker.has_pin) {
            self.pins.entry(worker.code).or_insert_with(|| pin(chance));
        }
        while self.tokens.len() < extent.kiosks {
            self.tokens.push(secret::token(chance));
        }
        before != (self.pins.len(), self.tokens.len())
    }

    /// Keeps them.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn save(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(FILE);
        let text = serde_json::to_vec_pretty(self)?;
        folder::write_private(&path, &text).with_context(|| format!("{} can't be written", path.display()))
    }
}

/// A password that can be read from a screen and typed: 60 random bits in three groups.
#[must_use]
pub fn password(chance: &dyn Chance) -> String {
    let mut random = [0; 12];
    chance.fill(&mut random);
    let letters: Vec<char> = random.iter().map(|byte| char::from(READABLE[usize::from(byte % 32)])).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Four digits, not below 1000: a PIN survives being read as a number.
fn pin(chance: &dyn Chance) -> String {
    let mut random = [0; 8];
    chance.fill(&mut random);
    (1000 + u64::from_be_bytes(random) % 9000).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use millrace_domain::SystemChance;

    #[test]
    fn a_later_start_finds_the_same_and_a_larger_floor_keeps_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut first = Secrets::load_or_make(folder.path(), &SystemChance).expect("makes");
        assert!(first.extend(Extent::of(24), &SystemChance));
        first.save(folder.path()).expect("saves");
        let mut later = Secrets::load_or_make(folder.path(), &SystemChance).expect("loads");
        assert_eq!(later, first);
        assert!(!later.extend(Extent::of(24), &SystemChance));
        assert!(later.extend(Extent::of(30), &SystemChance));
        assert_eq!(later.tokens[..24], first.tokens[..]);
        assert_eq!(later.pins, first.pins);
    }

    #[test]
    fn pins_are_numbers_of_four_digits_and_the_first_worker_has_one() {
        let mut secrets = Secrets::new(&SystemChance);
        secrets.extend(Extent::of(24), &SystemChance);
        assert!(secrets.pins.contains_key("1001"));
        assert!(secrets.pins.values().all(|pin| (1000..10_000).contains(&pin.parse::<u32>().expect("a number"))));
    }

    #[test]
    fn a_password_is_three_groups_of_readable_letters() {
        let password = password(&SystemChance);
        assert_eq!((password.len(), password.matches('-').count()), (14, 2));
        assert!(!password.contains(['0', '1', 'l', 'o']));
    }

    #[test]
    fn debug_output_keeps_the_secrets_to_itself() {
        let secrets = Secrets::new(&SystemChance);
        assert!(!format!("{secrets:?}").contains(&secrets.password));
    }
}
