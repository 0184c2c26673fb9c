//! The routes of a supervisor's desk.

use super::{CallError, Client, done, read};
use millrace_protocol::access::{UserLoggedIn, UserLogin, UserSelf};
use millrace_protocol::station::StationList;

/// The live sessions of the whole floor.
pub const ACTIVE_SESSIONS_STREAM: &str = "/api/admin/dashboard/active-sessions/stream";

/// Every call fails as [`CallError`] says.
#[expect(clippy::missing_errors_doc, reason = "said once, above")]
impl Client {
    /// Logs a supervisor in.
    pub async fn log_in(&self, username: &str, password: &str) -> Result<UserLoggedIn, CallError> {
        let login = UserLogin { username: username.to_owned(), password: password.to_owned(), cookie: false };
        read(self.post("/api/admin/login", &login)).await
    }

    /// Logs the supervisor out.
    pub async fn log_out(&self) -> Result<(), CallError> {
        done(self.post("/api/admin/logout", &serde_json::json!({}))).await
    }

    /// Who is logged in.
    pub async fn user(&self) -> Result<UserSelf, CallError> {
        read(self.get("/api/admin/me")).await
    }

    /// Every station in use, by code.
    pub async fn all_stations(&self) -> Result<StationList, CallError> {
        read(self.get("/api/admin/stations")).await
    }
}
