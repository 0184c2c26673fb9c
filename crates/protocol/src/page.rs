//! Lists that come in pages.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// In the list's own order.
    pub items: Vec<T>,
    /// Asks for what comes after them, as `cursor`; null at the end. Opaque, and of this list only.
    pub next_cursor: Option<String>,
}
