//! The routes of a supervisor's desk.

use super::{CallError, Client, done, read};
use millrace_protocol::Page;
use millrace_protocol::access::{UserLoggedIn, UserLogin, UserSelf};
use millrace_protocol::station::Station;

/// The live sessions of the whole floor.
pub const ACTIVE_SESSIONS_STREAM: &str = "/api/admin/dashboard/active-sessions/stream";

/// The stations in use, in the largest pages there are.
const STATIONS_IN_USE: &str = "/api/admin/stations?active=true&limit=500";

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
    pub async fn all_stations(&self) -> Result<Vec<Station>, CallError> {
        let mut stations = Vec::new();
        let mut path = STATIONS_IN_USE.to_owned();
        loop {
            let page: Page<Station> = read(self.get(&path)).await?;
            stations.extend(page.items);
            let Some(cursor) = page.next_cursor else { return Ok(stations) };
            path = format!("{STATIONS_IN_USE}&cursor={cursor}");
        }
    }
}
