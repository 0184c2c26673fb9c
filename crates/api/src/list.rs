//! Lists of managed things: pages with a cursor, or everything as CSV.
//!
//! A route takes [`ListAsk`] and gives [`answer`] the storage method; its wire type says by [`Cells`] what its row is.

use crate::error::ApiError;
use crate::query::Asked as Query;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::request::Parts;
use millrace_domain::storage::{self, After, Asked, Listed};
use millrace_protocol::Page;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Rows on a page, where none is said.
const USUAL: u32 = 100;
/// The most rows on a page.
const MOST: u32 = 500;
/// Spreadsheets take a file for UTF-8 only with this at its beginning.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// How a list is asked for. Other members of the query are the list's own filters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// The most rows on the page: 1 to 500, 100 where it is absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `nextCursor` of the page before.
    cursor: Option<String>,
    /// `csv`: all rows as a file for spreadsheets.
    #[param(inline)]
    format: Option<ListFormat>,
}

/// What a list is written as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ListFormat {
    /// A page.
    #[default]
    Json,
    /// Everything.
    Csv,
}

/// Which part of a list is asked for, and as what.
#[derive(Debug)]
pub(crate) struct ListAsk {
    asked: Asked,
    format: ListFormat,
}

impl<S: Send + Sync> FromRequestParts<S> for ListAsk {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Query(query) = Query::<ListQuery>::from_request_parts(parts, state).await?;
        let limit = query.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(ApiError::invalid(format!("`limit` is 1 to {MOST}. Ask for a page of that size.")));
        }
        let after = query.cursor.as_deref().map_or(Some(After::default()), read_cursor);
        let after = after.ok_or_else(|| {
            ApiError::invalid("This `cursor` is none of this list. Send the `nextCursor` of the page before, or none.")
        })?;
        Ok(Self { asked: Asked { after, limit }, format: query.format.unwrap_or_default() })
    }
}

/// A cursor is the hex of the last row's id and key.
fn write_cursor(after: &After) -> String {
    hex::encode([after.id.as_bytes(), after.key.as_bytes()].concat())
}

fn read_cursor(text: &str) -> Option<After> {
    let bytes = hex::decode(text).ok()?;
    let (id, key) = bytes.split_first_chunk::<16>()?;
    Some(After { key: String::from_utf8(key.to_vec()).ok()?, id: Uuid::from_bytes(*id) })
}

/// What stands in a cell of a CSV file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Nothing.
    Empty,
    /// A number: written as it is, so that a sheet can count with it.
    Number(i64),
    /// Anything else. Nobody's text becomes a formula of somebody's sheet.
    Text(String),
}

impl Cell {
    /// A text, or a word of the interface: an id, a moment, a flag.
    pub(crate) fn text(text: &(impl ToString + ?Sized)) -> Self {
        Self::Text(text.to_string())
    }

    /// A text that may be absent.
    pub(crate) fn maybe(text: Option<impl ToString>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.to_string()))
    }

    /// How many of something there are.
    pub(crate) fn count(count: usize) -> Self {
        Self::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A word of the interface, as it is written there.
    pub(crate) fn word(word: impl Serialize) -> Self {
        let word = serde_json::to_value(word).ok();
        Self::maybe(word.as_ref().and_then(serde_json::Value::as_str))
    }

    fn written(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
            Self::Text(text) => text.clone(),
        }
    }
}

/// A thing as a row of a CSV file.
pub(crate) trait Cells {
    /// The file's name, without its ending.
    const FILE: &'static str;
    /// The columns' names: those of the wire's members.
    const HEADER: &'static [&'static str];
    /// The row: as many cells as the header has.
    fn cells(&self) -> Vec<Cell>;
}

/// Answers a request for a list: `read` is the storage method.
pub(crate) async fn answer<T, F>(ask: ListAsk, read: impl Fn(Asked) -> F) -> Result<Response, ApiError>
where
    T: Cells + Serialize,
    F: Future<Output = storage::Result<Listed<T>>>,
{
    match ask.format {
        ListFormat::Json => {
            let page = read(ask.asked).await?;
            let next_cursor = page.next.as_ref().map(write_cursor);
            Ok(Json(Page { items: page.items, next_cursor }).into_response())
        }
        ListFormat::Csv => {
            let mut items = Vec::new();
            let mut after = Some(ask.asked.after);
            while let Some(from) = after {
                let page = read(Asked { after: from, limit: MOST }).await?;
                items.extend(page.items);
                after = page.next;
            }
            Ok(file(&items)?.into_response())
        }
    }
}

/// All rows as a CSV file (RFC 4180).
fn file<T: Cells>(items: &[T]) -> Result<impl IntoResponse + use<T>, ApiError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.into());
    let written = writer
        .write_record(T::HEADER)
        .and_then(|()| items.iter().try_for_each(|item| writer.write_record(item.cells().iter().map(Cell::written))));
    let defect = |reason: String| storage::StorageError::Defect { context: "writing CSV", reason };
    written.map_err(|error| defect(error.to_string()))?;
    let bytes: Vec<u8> = writer.into_inner().map_err(|error| defect(error.to_string()))?;
    let disposition = format!("attachment; filename=\"{}.csv\"", T::FILE);
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)], bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_anything_else_is_none() {
        let after = After { key: "Hall שלוש".into(), id: Uuid::from_bytes([7; 16]) };
        assert_eq!(read_cursor(&write_cursor(&after)), Some(after));
        for hostile in ["", "zz", "00", "é", &"f".repeat(40)] {
            assert_eq!(read_cursor(hostile), None, "{hostile:?}");
        }
    }

    #[test]
    fn no_text_becomes_a_formula() {
        for text in ["=1+1", "+1", "-1", "@x", "\tx", "\rx"] {
            assert_eq!(Cell::text(text).written(), format!("'{text}"));
        }
        assert_eq!(Cell::text("a=b").written(), "a=b");
        assert_eq!(Cell::Number(-5).written(), "-5");
    }
}
