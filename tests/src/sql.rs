//! A second, independent look at a SQLite database: plain SQL on a connection of its own.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use std::path::Path;

/// The single number that a query returns.
///
/// # Panics
/// When the database can't be read or the query is wrong: a test has to fail then.
pub async fn count(database: &Path, query: &str) -> i64 {
    let options = SqliteConnectOptions::new().filename(database).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the database opens");
    sqlx::query_scalar(sqlx::AssertSqlSafe(query.to_owned())).fetch_one(&mut connection).await.expect("the query runs")
}

/// The single texts of the rows that a query returns.
///
/// # Panics
/// When the database can't be read or the query is wrong: a test has to fail then.
pub async fn texts(database: &Path, query: &str) -> Vec<String> {
    let options = SqliteConnectOptions::new().filename(database).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the database opens");
    sqlx::query_scalar(sqlx::AssertSqlSafe(query.to_owned())).fetch_all(&mut connection).await.expect("the query runs")
}

/// Runs a statement that writes, while nobody else does.
///
/// # Panics
/// When it can't be run: a test has to fail then.
pub async fn run(database: &Path, statement: &str) {
    try_run(database, statement).await.expect("the statement runs");
}

/// Tries a statement that writes.
///
/// # Errors
/// What the database says against it.
///
/// # Panics
/// When the database can't be opened.
pub async fn try_run(database: &Path, statement: &str) -> sqlx::Result<()> {
    let options = SqliteConnectOptions::new().filename(database).foreign_keys(true);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the database opens");
    sqlx::query(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.map(drop)
}
