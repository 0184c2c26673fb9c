//! The routes of a supervisor's desk.

use super::{CALL_LIMIT, CallError, Client, bytes, done, maybe, read};
use crate::desk::{AdminMethod, AdminRequest};
use millrace_protocol::ImageId;
use millrace_protocol::access::{UserLoggedIn, UserLogin, UserSelf};
use reqwest::Method;
use reqwest::header::IF_MATCH;
use serde_json::Value;

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

    /// One of the routes for supervisors. What is gone answers with nothing.
    pub async fn administer(&self, request: &AdminRequest) -> Result<Value, CallError> {
        let method = match request.method {
            AdminMethod::Get => Method::GET,
            AdminMethod::Post => Method::POST,
            AdminMethod::Put => Method::PUT,
            AdminMethod::Delete => Method::DELETE,
        };
        let mut asked = self.request(method, &request.path).timeout(CALL_LIMIT);
        if let Some(version) = request.version {
            asked = asked.header(IF_MATCH, format!("\"{version}\""));
        }
        if let Some(body) = &request.body {
            asked = asked.json(body);
        }
        maybe(asked).await
    }

    /// A report's picture, as JPEG.
    pub async fn picture(&self, image: ImageId) -> Result<Vec<u8>, CallError> {
        bytes(self.get(&format!("/api/images/{image}"))).await
    }
}
