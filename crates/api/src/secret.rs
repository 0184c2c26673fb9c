//! Secrets: made here, compared here, and stored as hashes only.
//!
//! A token has 256 random bits, so a plain SHA-256 of it is enough; a password or PIN has few, so it
//! gets Argon2id with its salt (RFC 9106): 46 MiB and one pass, the first of the equal choices that OWASP's
//! "Password Storage" sheet names. Not the smaller ones with more passes: the C library's allocator hands back
//! at once only what is over 32 MiB, and keeps the rest for as long as the server runs.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use millrace_domain::Chance;
use millrace_domain::storage::{StorageError, TokenHash};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

/// Letters and digits that can't be taken for one another when read aloud.
const CODE_ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// 8 characters of 5 bits: enough for a code that is throttled, used once and gone after a day.
const CODE_LENGTH: usize = 8;

/// Memory of a password's hash, in KiB.
const HASH_MEMORY: u32 = 46 * 1024;
/// Passes over it.
const HASH_PASSES: u32 = 1;

/// How passwords are hashed.
///
/// # Panics
/// Never: the limits are constants, and a test uses them.
fn hasher() -> Argon2<'static> {
    #[expect(clippy::expect_used, reason = "constants that a test uses")]
    let limits = Params::new(HASH_MEMORY, HASH_PASSES, 1, None).expect("limits that Argon2 allows");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, limits)
}

/// A new bearer token.
#[must_use]
pub fn token(chance: &dyn Chance) -> String {
    let mut bytes = [0; 32];
    chance.fill(&mut bytes);
    hex::encode(bytes)
}

/// What is stored in place of a token.
#[must_use]
pub fn token_hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// A new enrolment code, as it is read aloud: `K7QM-2XWD`.
#[must_use]
pub fn enrolment_code(chance: &dyn Chance) -> String {
    let mut bytes = [0; CODE_LENGTH];
    chance.fill(&mut bytes);
    // 32 divides 256: every character is equally likely.
    let code: String = bytes.iter().map(|b| char::from(CODE_ALPHABET[usize::from(b % 32)])).collect();
    format!("{}-{}", &code[..CODE_LENGTH / 2], &code[CODE_LENGTH / 2..])
}

/// What is stored in place of an enrolment code. Case, spaces and dashes don't count.
#[must_use]
pub fn code_hash(code: &str) -> TokenHash {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    token_hash(&plain)
}

/// What is stored in place of a password or PIN. Takes tens of milliseconds, on purpose.
///
/// # Panics
/// Only where the machine has no randomness or no 46 MiB to spare.
#[must_use]
pub fn hash_password(password: &str) -> String {
    #[expect(clippy::expect_used, reason = "fails only on a machine that can't run a server")]
    hasher().hash_password(password.as_bytes()).expect("randomness and memory for a hash").to_string()
}

/// Whether this is the password. Takes tens of milliseconds, on purpose.
#[must_use]
pub fn verify_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| hasher().verify_password(password.as_bytes(), &parsed).is_ok())
}

/// Of a password nobody knows: what is compared with where there is nothing to compare with.
const NOBODY: &str = "$argon2id$v=19$m=47104,t=1,p=1$bm9ib2R5a25vd3N0aGlz$a3J0cYQvQ7t7o0m5Hq2w0p1b9v3b4T0mX0m6n8V3p1c";

/// How many are compared at once. Each takes 46 MiB and a core: at a change of shift more would only take memory,
/// not become faster.
#[derive(Debug)]
pub(crate) struct Room(Semaphore);

/// For the PINs of workers.
pub(crate) static PINS: Room = Room(Semaphore::const_new(2));
/// For the passwords of users. Anybody may try one, so these have a room of their own: a flood of strangers must not
/// keep workers from signing in.
pub(crate) static PASSWORDS: Room = Room(Semaphore::const_new(1));

/// The same on a thread for such work. `hash` is none where nobody of that name exists: it takes as long.
pub(crate) async fn verify_aside(room: &'static Room, password: String, hash: Option<String>) -> bool {
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    // The semaphore is never closed.
    let place = room.0.acquire().await;
    let verify = move || {
        // Held by the work, not by who asks: whoever asks and leaves, again and again, fills no memory.
        let _place = place;
        verify_password(&password, &hash)
    };
    let same = tokio::task::spawn_blocking(verify).await.unwrap_or(false);
    same && known
}

/// [`hash_password`] on a thread for such work.
pub(crate) async fn hash_aside(room: &'static Room, secret: String) -> Result<String, StorageError> {
    let place = room.0.acquire().await;
    let hash = move || {
        let _place = place;
        hash_password(&secret)
    };
    let hashed = tokio::task::spawn_blocking(hash).await;
    hashed.map_err(|error| StorageError::Defect { context: "hashing a secret", reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use millrace_domain::SystemChance;

    #[test]
    fn a_password_is_found_again_and_another_is_not() {
        let hash = hash_password("4711");
        assert!(verify_password("4711", &hash));
        assert!(!verify_password("4712", &hash));
        assert!(!verify_password("4711", "no hash"));
    }

    #[test]
    fn an_enrolment_code_may_be_typed_in_any_way() {
        let code = enrolment_code(&SystemChance);
        assert_eq!(code.len(), 9);
        let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
        assert_eq!(code_hash(&typed), code_hash(&code));
        assert_ne!(code_hash("AAAA-AAAA"), code_hash(&code));
    }

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs() {
        let limits = |hash: &str| hash.split('$').nth(3).map(str::to_owned);
        assert_eq!(limits(&hash_password("x")), limits(NOBODY));
        PasswordHash::new(NOBODY).expect("a hash that is compared, not one that can't be read");
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert!(!verify_aside(&PASSWORDS, "nobodyknowsthis".into(), None).await);
    }
}
