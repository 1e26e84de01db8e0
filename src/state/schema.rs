//! The database's tables and their versions.

use super::StateError;
use rusqlite::Connection;
use std::path::Path;

/// Version of the tables below, kept in SQLite's `user_version`.
const SCHEMA: i64 = 3;

const TABLES: &str = "
    CREATE TABLE file (
        path BLOB PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
        inode INTEGER NOT NULL, racy INTEGER NOT NULL, sha256 BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE facts (sha256 BLOB PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL);
    CREATE TABLE blob (sha256 BLOB PRIMARY KEY, kind INTEGER NOT NULL, der BLOB NOT NULL);
    CREATE TABLE run (
        id INTEGER PRIMARY KEY AUTOINCREMENT, started INTEGER NOT NULL, finished INTEGER, status TEXT NOT NULL,
        clock INTEGER NOT NULL, tool_version TEXT NOT NULL, body BLOB, inputs BLOB
    );
    CREATE TABLE run_body (sha256 BLOB PRIMARY KEY, format INTEGER NOT NULL, bytes BLOB NOT NULL);
";

/// What version 2 added: contents that changed while the stamps did not.
const ALTERED: &str = "
    CREATE TABLE altered (path BLOB PRIMARY KEY, before BLOB NOT NULL, after BLOB NOT NULL) WITHOUT ROWID;
";

/// What version 3 added: page facts of scans and of the e-documents they are held against, and outcomes.
const DERIVED: &str = "
    CREATE TABLE derived (
        kind INTEGER NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key)
    );
";

/// Sets the connection up and creates the tables of a new database.
pub(super) fn prepare(connection: &Connection, path: &Path) -> Result<(), StateError> {
    let fail = |source| StateError::Database { path: path.into(), source };
    // WAL: readers see the last complete run while a new one writes; a killed run rolls back.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(fail)?;
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(fail)?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fail)?;
    if found > SCHEMA {
        return Err(StateError::Newer { path: path.into(), found, known: SCHEMA });
    }
    let missing = match found {
        0 => format!("{TABLES} {ALTERED} {DERIVED}"),
        1 => format!("{ALTERED} {DERIVED}"),
        2 => DERIVED.to_owned(),
        _ => return Ok(()),
    };
    connection.execute_batch(&format!("BEGIN; {missing} PRAGMA user_version = {SCHEMA}; COMMIT;")).map_err(fail)
}
