//! The state database: which file had which content, the facts of each content, and every run.
//!
//! SQLite in one file outside the archive. Facts are keyed by content hash and extractor version; a
//! verdict is never cached. A run's report is kept whole, so that reports never scan again; equal
//! bodies are stored once.

mod runs;
mod schema;

pub use runs::{RunBody, RunId, RunRecord, RunStatus};

use crate::model::{Blob, BlobKind, DocumentFacts, EXTRACTOR_VERSION, Sha256Digest};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// What can go wrong with the state database.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// SQLite refused: disk full, read-only, damaged.
    #[error("state database {path}: {source}")]
    Database {
        /// The database file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file or its folder cannot be made or locked.
    #[error("state database {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another run works on it.
    #[error("another run holds the lock {0}")]
    Locked(PathBuf),
    /// Written by a later version of the program.
    #[error("state database {path} has schema {found}, this program knows {known}: use the newer program")]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Schema found.
        found: i64,
        /// Newest schema this program knows.
        known: i64,
    },
    /// A report stored by an earlier version in a form that this one does not read.
    #[error("run {run} was stored by an earlier version of the program")]
    OlderReport {
        /// The run.
        run: RunId,
    },
    /// A stored record cannot be decoded.
    #[error("state database {path}: stored {what} cannot be read")]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// Which record.
        what: String,
    },
}

impl StateError {
    /// Whether the file is no database of this program at all.
    pub fn is_foreign(&self) -> bool {
        self.code() == Some(rusqlite::ErrorCode::NotADatabase)
    }

    /// Whether the database is damaged.
    pub fn is_damaged(&self) -> bool {
        matches!(self, Self::Damaged { .. }) || self.code() == Some(rusqlite::ErrorCode::DatabaseCorrupt)
    }

    /// Whether the disk under the database is full.
    pub fn is_disk_full(&self) -> bool {
        match self {
            Self::Io { source, .. } => source.kind() == std::io::ErrorKind::StorageFull,
            _ => self.code() == Some(rusqlite::ErrorCode::DiskFull),
        }
    }

    /// Whether the database or its folder may not be written.
    pub fn is_read_only(&self) -> bool {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        match self {
            Self::Io { source, .. } => matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem),
            _ => matches!(
                self.code(),
                Some(
                    rusqlite::ErrorCode::ReadOnly
                        | rusqlite::ErrorCode::PermissionDenied
                        | rusqlite::ErrorCode::CannotOpen
                )
            ),
        }
    }

    fn code(&self) -> Option<rusqlite::ErrorCode> {
        match self {
            Self::Database { source, .. } => source.sqlite_error_code(),
            _ => None,
        }
    }
}

/// What the file system says of a file, as far as it tells a change (all times in nanoseconds since
/// 1970; zero where the system has no such thing).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FileStamp {
    /// Bytes.
    pub size: u64,
    /// Last modification of the content.
    pub modified: i64,
    /// Last change of the inode: catches a modification time that was put back.
    pub changed: i64,
    /// Inode number.
    pub inode: u64,
}

/// What the state knows of one path.
#[derive(Clone, Debug)]
pub struct KnownFile {
    /// Stamp at the time it was read.
    pub stamp: FileStamp,
    /// So young when it was read that a later change could carry the same stamp.
    pub racy: bool,
    /// Content hash.
    pub sha256: Sha256Digest,
}

/// The open state database.
pub struct State {
    path: PathBuf,
    connection: Connection,
}

/// The lock that a run holds; released when dropped.
#[derive(Debug)]
pub struct RunLock(#[allow(dead_code, reason = "held for its lifetime only")] File);

impl State {
    /// Opens or creates the database, bringing an older schema up to date.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|source| StateError::Io { path: folder.into(), source })?;
        }
        let fail = |source| StateError::Database { path: path.into(), source };
        let connection = Connection::open(path).map_err(fail)?;
        connection.busy_timeout(std::time::Duration::from_secs(5)).map_err(fail)?;
        schema::prepare(&connection, path)?;
        Ok(Self { path: path.into(), connection })
    }

    /// Opens an existing database for reports. On a full or read-only disk, where SQLite cannot make the
    /// files beside it that shared access needs, it is read as it lies there.
    pub fn open_for_reading(path: &Path) -> Result<Self, StateError> {
        Self::open(path).or_else(|error| {
            let StateError::Database { .. } = error else { return Err(error) };
            if error.is_foreign() || error.is_damaged() {
                return Err(error);
            }
            let absolute = std::path::absolute(path).map_err(|source| StateError::Io { path: path.into(), source })?;
            let mut uri = String::from("file:");
            for byte in absolute.as_os_str().as_encoded_bytes() {
                match byte {
                    b'%' | b'?' | b'#' | 0x80.. => uri.push_str(&format!("%{byte:02x}")),
                    _ => uri.push(char::from(*byte)),
                }
            }
            uri.push_str("?immutable=1");
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
            let connection = Connection::open_with_flags(uri, flags).map_err(|_| error)?;
            Ok(Self { path: path.into(), connection })
        })
    }

    /// Takes the run lock beside the database, or says that another run holds it.
    pub fn lock(path: &Path) -> Result<RunLock, StateError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let lock = PathBuf::from(name);
        let fail = |source| StateError::Io { path: lock.clone(), source };
        if let Some(folder) = lock.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(fail)?;
        }
        let file = File::options().create(true).truncate(false).write(true).open(&lock).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => Ok(RunLock(file)),
            Err(TryLockError::WouldBlock) => Err(StateError::Locked(lock)),
            Err(TryLockError::Error(source)) => Err(fail(source)),
        }
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn fail(&self, source: rusqlite::Error) -> StateError {
        StateError::Database { path: self.path.clone(), source }
    }

    fn damaged(&self, what: impl Into<String>) -> StateError {
        StateError::Damaged { path: self.path.clone(), what: what.into() }
    }

    /// Every path known, by its raw bytes.
    pub fn known_files(&self) -> Result<HashMap<Vec<u8>, KnownFile>, StateError> {
        let read = || {
            let mut statement =
                self.connection.prepare("SELECT path, size, modified, changed, inode, racy, sha256 FROM file")?;
            let rows = statement.query_map([], |row| {
                let stamp = FileStamp {
                    size: row.get::<_, i64>(1)?.cast_unsigned(),
                    modified: row.get(2)?,
                    changed: row.get(3)?,
                    inode: row.get::<_, i64>(4)?.cast_unsigned(),
                };
                Ok((row.get(0)?, KnownFile { stamp, racy: row.get(5)?, sha256: Sha256Digest(row.get(6)?) }))
            })?;
            rows.collect::<rusqlite::Result<_>>()
        };
        read().map_err(|source| self.fail(source))
    }

    /// Files whose content changed while the stamps did not, and has not changed again since: raw path,
    /// content before, content now.
    pub fn altered(&self) -> Result<Vec<(Vec<u8>, Sha256Digest, Sha256Digest)>, StateError> {
        let read = || {
            let mut statement = self.connection.prepare(
                "SELECT path, before, after FROM altered JOIN file USING (path) WHERE file.sha256 = after ORDER BY path",
            )?;
            let rows = statement
                .query_map([], |row| Ok((row.get(0)?, Sha256Digest(row.get(1)?), Sha256Digest(row.get(2)?))))?;
            rows.collect::<rusqlite::Result<_>>()
        };
        read().map_err(|source| self.fail(source))
    }

    /// The facts of one content, if this version of the program extracted them and can read them: what
    /// cannot be read is extracted anew.
    pub fn facts(&self, sha256: Sha256Digest) -> Result<Option<DocumentFacts>, StateError> {
        let read = || {
            self.connection
                .prepare_cached("SELECT body FROM facts WHERE sha256 = ?1 AND version = ?2")?
                .query_row(params![sha256.0, EXTRACTOR_VERSION], |row| {
                    let body = row.get_ref(0)?.as_blob()?;
                    Ok(postcard::from_bytes(body).ok())
                })
                .optional()
        };
        Ok(read().map_err(|source| self.fail(source))?.flatten())
    }

    /// Keys of everything derived of a kind in this version.
    pub fn derived_keys(&self, kind: Derived, version: u32) -> Result<Vec<Sha256Digest>, StateError> {
        let read = || {
            let mut statement =
                self.connection.prepare_cached("SELECT key FROM derived WHERE kind = ?1 AND version = ?2")?;
            let rows = statement.query_map(params![kind.code(), version], |row| Ok(Sha256Digest(row.get(0)?)))?;
            rows.collect::<rusqlite::Result<_>>()
        };
        read().map_err(|source| self.fail(source))
    }

    /// One thing derived, if this version derived it.
    pub fn derived<T: DeserializeOwned>(
        &self,
        kind: Derived,
        key: Sha256Digest,
        version: u32,
    ) -> Result<Option<T>, StateError> {
        let read = || {
            self.connection
                .prepare_cached("SELECT body FROM derived WHERE kind = ?1 AND key = ?2 AND version = ?3")?
                .query_row(params![kind.code(), key.0, version], |row| {
                    Ok(postcard::from_bytes(row.get_ref(0)?.as_blob()?).ok())
                })
                .optional()
        };
        match read().map_err(|source| self.fail(source))? {
            None => Ok(None),
            Some(Some(value)) => Ok(Some(value)),
            Some(None) => Err(self.damaged(format!("derived from {key}"))),
        }
    }

    /// Every blob of `kind`.
    pub fn blobs(&self, kind: BlobKind) -> Result<Vec<Blob>, StateError> {
        let read = || {
            let mut statement =
                self.connection.prepare_cached("SELECT sha256, der FROM blob WHERE kind = ?1 ORDER BY sha256")?;
            let rows = statement.query_map([kind_code(kind)], |row| {
                Ok(Blob { sha256: Sha256Digest(row.get(0)?), kind, der: row.get(1)? })
            })?;
            rows.collect::<rusqlite::Result<_>>()
        };
        read().map_err(|source| self.fail(source))
    }

    /// Runs `write` in one transaction: all of it becomes visible or nothing.
    pub fn transaction<T>(&mut self, write: impl FnOnce(&Writer<'_>) -> rusqlite::Result<T>) -> Result<T, StateError> {
        let run = || {
            let transaction = self.connection.transaction()?;
            let value = write(&Writer { transaction: &transaction })?;
            transaction.commit()?;
            Ok(value)
        };
        run().map_err(|source| StateError::Database { path: self.path.clone(), source })
    }
}

/// The writing side of a transaction.
pub struct Writer<'a> {
    transaction: &'a Transaction<'a>,
}

impl Writer<'_> {
    /// Records that `path` had this stamp and content.
    pub fn file(&self, path: &[u8], known: &KnownFile) -> rusqlite::Result<()> {
        self.transaction.prepare_cached("INSERT OR REPLACE INTO file VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?.execute(
            params![
                path,
                known.stamp.size.cast_signed(),
                known.stamp.modified,
                known.stamp.changed,
                known.stamp.inode.cast_signed(),
                known.racy,
                known.sha256.0
            ],
        )?;
        Ok(())
    }

    /// Records that the content of `path` changed from `before` to `after` although `known`, its stamp, did
    /// not. The path counts as unread. What was the content before stays so if it changes once more.
    pub fn altered(&self, path: &[u8], known: &KnownFile, after: Sha256Digest) -> rusqlite::Result<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO altered VALUES (?1, ?2, ?3)
                 ON CONFLICT (path) DO UPDATE SET after = excluded.after,
                 before = CASE WHEN after = excluded.before THEN before ELSE excluded.before END",
            )?
            .execute(params![path, known.sha256.0, after.0])?;
        self.file(path, &KnownFile { racy: true, sha256: after, ..*known })
    }

    /// Has a path read again although its stamp did not change.
    pub fn unread(&self, path: &[u8]) -> rusqlite::Result<()> {
        self.transaction.prepare_cached("UPDATE file SET racy = 1 WHERE path = ?1")?.execute([path])?;
        Ok(())
    }

    /// Forgets a path that is gone; its facts stay.
    pub fn forget_file(&self, path: &[u8]) -> rusqlite::Result<()> {
        self.transaction.prepare_cached("DELETE FROM file WHERE path = ?1")?.execute([path])?;
        Ok(())
    }

    /// Keeps the facts of a content.
    pub fn facts(&self, facts: &DocumentFacts) -> rusqlite::Result<()> {
        let body = postcard::to_stdvec(facts).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
        self.transaction.prepare_cached("INSERT OR REPLACE INTO facts VALUES (?1, ?2, ?3)")?.execute(params![
            facts.sha256.0,
            EXTRACTOR_VERSION,
            body
        ])?;
        Ok(())
    }

    /// Keeps something derived.
    pub fn derived<T: Serialize>(
        &self,
        kind: Derived,
        key: Sha256Digest,
        version: u32,
        value: &T,
    ) -> rusqlite::Result<()> {
        let body = postcard::to_stdvec(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
        self.transaction.prepare_cached("INSERT OR REPLACE INTO derived VALUES (?1, ?2, ?3, ?4)")?.execute(params![
            kind.code(),
            key.0,
            version,
            body
        ])?;
        Ok(())
    }

    /// Keeps a blob once.
    pub fn blob(&self, blob: &Blob) -> rusqlite::Result<()> {
        self.transaction.prepare_cached("INSERT OR IGNORE INTO blob VALUES (?1, ?2, ?3)")?.execute(params![
            blob.sha256.0,
            kind_code(blob.kind),
            blob.der
        ])?;
        Ok(())
    }
}

/// What is derived from contents beyond their facts, when it is needed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Derived {
    /// What the pages look like; the key is the content's digest.
    Pages,
    /// What holding a scan against the e-documents gave; the key is the digest of what that was made from.
    Outcome,
}

impl Derived {
    fn code(self) -> i64 {
        match self {
            Self::Pages => 0,
            Self::Outcome => 1,
        }
    }
}

fn kind_code(kind: BlobKind) -> i64 {
    match kind {
        BlobKind::Certificate => 0,
        BlobKind::Crl => 1,
        BlobKind::OcspResponse => 2,
    }
}

#[cfg(test)]
mod tests;
