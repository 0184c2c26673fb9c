//! Who may do what: kiosks and their tokens, users and their logins, workers and their sign-ins.

use super::Result;
use crate::Refusal;
use async_trait::async_trait;
use millrace_protocol::access::{Enrolled, EnrolmentCodeRequest, User};
use millrace_protocol::time::Timestamp;
use millrace_protocol::worker::Worker;
use millrace_protocol::{EnrolmentCodeId, KioskId, StationId, WorkerId};

/// SHA-256 of a secret of 256 random bits: what is stored in place of the secret.
pub type TokenHash = [u8; 32];

/// A kiosk, by its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KioskIdentity {
    /// Its id.
    pub id: KioskId,
    /// What it is called.
    pub name: String,
    /// The station it stands at.
    pub station: Option<StationId>,
    /// The highest `seq` from it; 0 for none.
    pub last_seq: u64,
    /// The program it runs, as it said last.
    pub program: Option<String>,
}

/// A login of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Its number.
    pub number: i64,
    /// Whose.
    pub user: User,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A worker who signed in at a kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The worker.
    pub worker: Worker,
    /// The highest `seq` from this kiosk; 0 for none.
    pub last_seq: u64,
    /// The database's clock.
    pub now: Timestamp,
}

/// The longest name of a kiosk, in characters.
const KIOSK_NAME_MAX: usize = 80;

/// An enrolment code as it is stored.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// Hash of the code.
    pub code: TokenHash,
    /// What the kiosk is to be.
    pub request: EnrolmentCodeRequest,
    /// Who makes it.
    pub by: String,
}

impl Enrolment {
    /// An enrolment under this code; blanks around the kiosk's name don't count.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for a name that is empty or too long.
    pub fn new(code: TokenHash, mut request: EnrolmentCodeRequest, by: &str) -> std::result::Result<Self, Refusal> {
        request.kiosk_name = request.kiosk_name.trim().to_owned();
        if !(1..=KIOSK_NAME_MAX).contains(&request.kiosk_name.chars().count()) {
            return Err(Refusal::Invalid {
                what: format!("The name of a kiosk has 1 to {KIOSK_NAME_MAX} characters."),
            });
        }
        Ok(Self { code, request, by: by.to_owned() })
    }
}

/// Rights, asked for by each request.
#[async_trait]
pub trait Access: Send + Sync + 'static {
    /// The kiosk of a token, unless it was revoked.
    async fn kiosk(&self, token: TokenHash) -> Result<Option<KioskIdentity>>;

    /// Stores an enrolment code; returns its id, and until when it can be used.
    async fn create_enrolment(&self, enrolment: Enrolment) -> Result<(EnrolmentCodeId, Timestamp)>;

    /// Uses up an enrolment code and makes its kiosk; none for a code that is unknown, used or expired.
    async fn enrol(&self, code: TokenHash, token: TokenHash) -> Result<Option<Enrolled>>;

    /// Ends a kiosk's right, in the name of a user; its streams end with it. False where it had none.
    async fn revoke_kiosk(&self, kiosk: KioskId, by: &str) -> Result<bool>;

    /// A user and the hash of his password, by user name.
    async fn user_by_name(&self, username: &str) -> Result<Option<(User, String)>>;

    /// Starts a login.
    async fn log_in(&self, user: User, token: TokenHash) -> Result<Login>;

    /// The login of a token, unless it has ended.
    async fn login(&self, token: TokenHash) -> Result<Option<Login>>;

    /// Ends a login; its streams end with it.
    async fn log_out(&self, login: i64) -> Result<()>;

    /// A worker in service and the hash of his PIN, by a badge of his that is valid now.
    async fn worker_by_badge(&self, badge: TokenHash) -> Result<Option<(Worker, Option<String>)>>;

    /// A worker in service and the hash of his PIN, by code.
    async fn worker_by_code(&self, code: &str) -> Result<Option<(Worker, Option<String>)>>;

    /// Signs a worker in on a kiosk, in place of whoever was.
    async fn sign_in(&self, kiosk: KioskId, worker: WorkerId) -> Result<SignedIn>;

    /// Signs out whoever is signed in on a kiosk.
    async fn sign_out(&self, kiosk: KioskId) -> Result<()>;

    /// Who is signed in on a kiosk. Asking touches the sign-in.
    async fn signed_in(&self, kiosk: KioskId) -> Result<Option<Worker>>;

    /// The same for who only looks on: it touches nothing.
    async fn who_is_signed_in(&self, kiosk: KioskId) -> Result<Option<Worker>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> std::result::Result<String, Refusal> {
        let request = EnrolmentCodeRequest { kiosk_name: name.to_owned(), station_id: None };
        Enrolment::new([0; 32], request, "ann").map(|enrolment| enrolment.request.kiosk_name)
    }

    #[test]
    fn a_kiosk_has_a_name_that_fits_a_tile() {
        assert_eq!(named(" Lathe 3 ").as_deref(), Ok("Lathe 3"));
        assert!(named(&"ש".repeat(KIOSK_NAME_MAX)).is_ok(), "counted in characters");
        for wrong in ["", " \t", &"x".repeat(KIOSK_NAME_MAX + 1)] {
            assert!(named(wrong).is_err(), "{wrong:?}");
        }
    }
}
