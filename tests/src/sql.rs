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

/// A connection that looks again and again, and never writes.
#[derive(Debug)]
pub struct Look(SqliteConnection);

impl Look {
    /// Opens it.
    ///
    /// # Panics
    /// When the database can't be opened.
    pub async fn at(database: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(database).read_only(true);
        Self(SqliteConnection::connect_with(&options).await.expect("the database opens"))
    }

    /// The single number that a query returns.
    ///
    /// # Panics
    /// When the query is wrong.
    pub async fn count(&mut self, query: &str) -> i64 {
        let query = sqlx::AssertSqlSafe(query.to_owned());
        sqlx::query_scalar(query).fetch_one(&mut self.0).await.expect("the query runs")
    }

    /// The names of all tables.
    ///
    /// # Panics
    /// When the database can't be read.
    pub async fn tables(&mut self) -> Vec<String> {
        let query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
        sqlx::query_scalar(query).fetch_all(&mut self.0).await.expect("the schema is read")
    }

    /// The rows of a table that a condition picks, a line each, as SQL literals: two are equal where the rows are, byte
    /// for byte. Their order is that of the lines.
    ///
    /// # Panics
    /// When the condition is wrong.
    pub async fn rows(&mut self, table: &str, condition: &str, without: &[&str]) -> Vec<String> {
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
            .bind(table)
            .fetch_all(&mut self.0)
            .await
            .expect("the table is known");
        let kept = names.iter().filter(|name| !without.contains(&name.as_str()));
        let columns: Vec<String> = kept.map(|name| format!("'{name}=' || quote(\"{name}\")")).collect();
        assert!(!columns.is_empty(), "there is no table {table}");
        let line = columns.join(" || ' ' || ");
        let query = sqlx::AssertSqlSafe(format!("SELECT {line} AS line FROM {table} WHERE {condition} ORDER BY line"));
        sqlx::query_scalar(query).fetch_all(&mut self.0).await.expect("the condition is one")
    }
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
