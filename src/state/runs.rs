//! The history of runs.

use super::{State, StateError};
use crate::model::{Report, Sha256Digest, UnixTime};
use rusqlite::{OptionalExtension, params};

/// Format of a stored report body: raise it when [`Report`] changes shape.
const BODY_FORMAT: i64 = 3;

/// Number of a run, ascending.
pub type RunId = i64;

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RunStatus {
    /// Still going on, or killed.
    Running,
    /// Cut short; what was done is kept.
    Partial,
    /// Done.
    Complete,
}

impl RunStatus {
    fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Partial => "partial",
            Self::Complete => "complete",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "complete" => Self::Complete,
            "running" => Self::Running,
            _ => Self::Partial,
        }
    }
}

/// One line of the history.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// Number.
    pub id: RunId,
    /// Machine time at the start.
    pub started: UnixTime,
    /// Machine time at the end.
    pub finished: Option<UnixTime>,
    /// How it ended.
    pub status: RunStatus,
    /// The audit's clock.
    pub clock: UnixTime,
    /// Program version.
    pub tool_version: String,
    /// Hash of its report body, if it left one.
    pub body: Option<Sha256Digest>,
}

/// A report as stored, with its hash.
pub struct RunBody {
    sha256: Sha256Digest,
    bytes: Vec<u8>,
}

impl RunBody {
    /// The body of an earlier run, stored already.
    pub fn stored(sha256: Sha256Digest) -> Self {
        Self { sha256, bytes: Vec::new() }
    }

    /// Encodes a report; `digest` is SHA-256.
    pub fn encode(report: &Report, digest: impl Fn(&[u8]) -> Sha256Digest) -> Result<Self, postcard::Error> {
        let bytes = postcard::to_stdvec(report)?;
        Ok(Self { sha256: digest(&bytes), bytes })
    }
}

impl State {
    /// Starts a run. Runs that were left `running` were killed: they become `partial`. The caller
    /// holds the lock, so none of them can be alive.
    pub fn begin_run(&mut self, started: UnixTime, clock: UnixTime) -> Result<RunId, StateError> {
        self.transaction(|writer| {
            writer.transaction.execute("UPDATE run SET status = 'partial' WHERE status = 'running'", [])?;
            writer.transaction.execute(
                "INSERT INTO run (started, status, clock, tool_version) VALUES (?1, 'running', ?2, ?3)",
                params![started.0, clock.0, env!("CARGO_PKG_VERSION")],
            )?;
            Ok(writer.transaction.last_insert_rowid())
        })
    }

    /// Ends a run with its report; `inputs` identifies everything that it was made of.
    pub fn finish_run(
        &mut self,
        id: RunId,
        finished: UnixTime,
        status: RunStatus,
        body: &RunBody,
        inputs: Option<Sha256Digest>,
    ) -> Result<(), StateError> {
        self.transaction(|writer| {
            if !body.bytes.is_empty() {
                writer
                    .transaction
                    .prepare_cached("INSERT OR REPLACE INTO run_body VALUES (?1, ?2, ?3)")?
                    .execute(params![body.sha256.0, BODY_FORMAT, body.bytes])?;
            }
            writer
                .transaction
                .prepare_cached("UPDATE run SET finished = ?2, status = ?3, body = ?4, inputs = ?5 WHERE id = ?1")?
                .execute(params![id, finished.0, status.word(), body.sha256.0, inputs.map(|inputs| inputs.0)])?;
            Ok(())
        })
    }

    /// The report of a complete run over exactly these inputs, if the newest one with a report is such.
    /// A run is a pure function of its inputs, so its report can be taken as it is.
    pub fn report_of(&self, inputs: Sha256Digest) -> Result<Option<(Sha256Digest, Report)>, StateError> {
        let newest: Option<(i64, Option<[u8; 32]>)> = self
            .connection
            .query_row(
                "SELECT id, inputs FROM run WHERE status = 'complete' AND body IS NOT NULL ORDER BY id DESC LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(|source| self.fail(source))?;
        match newest {
            Some((id, Some(known))) if known == inputs.0 => {
                match self.report(Some(id)) {
                    Ok(found) => Ok(found.and_then(|(run, report)| Some((run.body?, report)))),
                    Err(error @ StateError::Database { .. }) => Err(error),
                    // A report that cannot be read is made anew.
                    Err(_) => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    /// Every run, newest first.
    pub fn runs(&self) -> Result<Vec<RunRecord>, StateError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT id, started, finished, status, clock, tool_version, body FROM run ORDER BY id DESC",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(RunRecord {
                    id: row.get(0)?,
                    started: UnixTime(row.get(1)?),
                    finished: row.get::<_, Option<i64>>(2)?.map(UnixTime),
                    status: RunStatus::from_word(row.get_ref(3)?.as_str()?),
                    clock: UnixTime(row.get(4)?),
                    tool_version: row.get(5)?,
                    body: row.get::<_, Option<[u8; 32]>>(6)?.map(Sha256Digest),
                })
            })?;
            rows.collect::<rusqlite::Result<_>>()
        };
        read().map_err(|source| self.fail(source))
    }

    /// The newest run that left a report, or run `id`.
    pub fn report(&self, id: Option<RunId>) -> Result<Option<(RunRecord, Report)>, StateError> {
        let Some(run) = self
            .runs()?
            .into_iter()
            .find(|run| id.map_or(run.body.is_some() && run.status != RunStatus::Running, |id| run.id == id))
        else {
            return Ok(None);
        };
        let Some(body) = run.body else { return Ok(None) };
        // Decoded where SQLite holds it: a report of a large archive is not copied first.
        let stored: Option<(i64, Option<Report>)> = self
            .connection
            .query_row("SELECT format, bytes FROM run_body WHERE sha256 = ?1", [body.0], |row| {
                let format = row.get(0)?;
                let readable = format == BODY_FORMAT;
                let bytes = row.get_ref(1)?.as_blob()?;
                Ok((format, readable.then(|| postcard::from_bytes(bytes).ok()).flatten()))
            })
            .optional()
            .map_err(|source| self.fail(source))?;
        let report = match stored {
            Some((_, Some(report))) => report,
            Some((format, None)) if format < BODY_FORMAT => return Err(StateError::OlderReport { run: run.id }),
            Some((format, None)) if format != BODY_FORMAT => {
                return Err(StateError::Newer { path: self.path.clone(), found: format, known: BODY_FORMAT });
            }
            _ => return Err(self.damaged(format!("report of run {}", run.id))),
        };
        Ok(Some((run, report)))
    }

    /// Removes all but the newest `keep` runs and the bodies nobody refers to any more; the newest complete
    /// run always stays. Facts of contents that no path has any more go as well. Returns how many runs went.
    pub fn prune(&mut self, keep: u32) -> Result<usize, StateError> {
        self.transaction(|writer| {
            let gone = writer.transaction.execute(
                "DELETE FROM run WHERE id NOT IN (SELECT id FROM run ORDER BY id DESC LIMIT ?1) AND id IS NOT
                     (SELECT MAX(id) FROM run WHERE status = 'complete' AND body IS NOT NULL)",
                [keep],
            )?;
            if gone == 0 {
                return Ok(gone);
            }
            writer.transaction.execute_batch(
                "DELETE FROM run_body WHERE sha256 NOT IN (SELECT body FROM run WHERE body IS NOT NULL);
                 DELETE FROM facts WHERE sha256 NOT IN (SELECT sha256 FROM file);",
            )?;
            Ok(gone)
        })
    }
}
