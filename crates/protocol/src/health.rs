//! What a server says about itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `GET /api/version`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Version {
    /// `millrace-server`
    pub name: String,
    /// The version of the program.
    pub version: String,
    /// Counts the incompatible changes of this contract.
    pub protocol: u32,
}

/// `GET /healthz` and `GET /readyz`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Health {
    /// Always `ok`; what is wrong comes as a problem.
    pub status: String,
}

/// The protocol this crate speaks.
pub const PROTOCOL: u32 = 1;
