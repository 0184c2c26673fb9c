//! Who may do what: kiosks and their tokens, users and their logins, workers and their sign-ins.

use super::Result;
use async_trait::async_trait;
use millrace_protocol::access::{Enrolled, EnrolmentCodeRequest, User};
use millrace_protocol::time::Timestamp;
use millrace_protocol::worker::Worker;
use millrace_protocol::{KioskId, StationId, WorkerId};

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

/// An enrolment code as it is stored.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// Hash of the code.
    pub code: TokenHash,
    /// What the kiosk is to be.
    pub request: EnrolmentCodeRequest,
}

/// Rights, asked for by each request.
#[async_trait]
pub trait Access: Send + Sync + 'static {
    /// The kiosk of a token, unless it was revoked.
    async fn kiosk(&self, token: TokenHash) -> Result<Option<KioskIdentity>>;

    /// Stores an enrolment code; returns until when it can be used.
    async fn create_enrolment(&self, enrolment: Enrolment) -> Result<Timestamp>;

    /// Uses up an enrolment code and makes its kiosk; none for a code that is unknown, used or expired.
    async fn enrol(&self, code: TokenHash, token: TokenHash) -> Result<Option<Enrolled>>;

    /// Ends a kiosk's right; its streams end with it.
    async fn revoke_kiosk(&self, kiosk: KioskId) -> Result<bool>;

    /// A user and the hash of his password, by user name.
    async fn user_by_name(&self, username: &str) -> Result<Option<(User, String)>>;

    /// Starts a login.
    async fn log_in(&self, user: User, token: TokenHash) -> Result<Login>;

    /// The login of a token, unless it has ended.
    async fn login(&self, token: TokenHash) -> Result<Option<Login>>;

    /// Ends a login; its streams end with it.
    async fn log_out(&self, login: i64) -> Result<()>;

    /// A worker in service and the hash of his PIN, by code.
    async fn worker_by_code(&self, code: &str) -> Result<Option<(Worker, Option<String>)>>;

    /// Signs a worker in on a kiosk, in place of whoever was.
    async fn sign_in(&self, kiosk: KioskId, worker: WorkerId) -> Result<SignedIn>;

    /// Signs out whoever is signed in on a kiosk.
    async fn sign_out(&self, kiosk: KioskId) -> Result<()>;

    /// Who is signed in on a kiosk. Asking touches the sign-in.
    async fn signed_in(&self, kiosk: KioskId) -> Result<Option<Worker>>;
}
