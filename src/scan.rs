//! Brings the state up to date with the archive: reads what is new or changed, and only that.
//!
//! Files are read and extracted in parallel; one thread writes the facts down in batches, so that a
//! run that is cut short keeps what it did. The outcome does not depend on the number of threads.

use crate::archive::{Entry, NO_CONTENT};
use crate::container;
use crate::crypto;
use crate::limits::Limits;
use crate::model::{Blob, Content, DocumentFacts, NotAssessed, Sha256Digest};
use crate::state::{KnownFile, State, StateError};
use rayon::ThreadPool;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Documents written down per transaction: a cut run loses at most these.
const BATCH: usize = 256;
/// Bytes of files in memory at once; a larger file is read alone.
const BYTES_IN_FLIGHT: u64 = 64 << 20;

/// How to scan.
pub struct Options<'a> {
    /// Bounds.
    pub limits: &'a Limits,
    /// Worker threads.
    pub pool: &'a ThreadPool,
    /// Asked before each file.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// Called after each file that was read.
    pub advance: &'a (dyn Fn() + Sync),
}

/// One file of the archive with its facts.
#[derive(Debug)]
pub struct Scanned {
    /// Index into the walk's entries.
    pub entry: usize,
    /// What is known of its content.
    pub facts: DocumentFacts,
}

/// The archive as scanned.
#[derive(Debug, Default)]
pub struct Scan {
    /// Every file of the walk, in its order.
    pub files: Vec<Scanned>,
    /// Files read in this run.
    pub read: usize,
    /// Files left unread because the scan was stopped.
    pub left: usize,
}

/// The contents of `entries` if every one is unchanged since it was last read and nothing is gone: no
/// document has to be looked at.
pub fn unchanged(state: &State, entries: &[Entry]) -> Result<Option<Vec<Sha256Digest>>, StateError> {
    let known = state.known_files()?;
    if known.len() != entries.len() {
        return Ok(None);
    }
    let contents = entries.iter().map(|entry| {
        let before = known.get(&entry.key)?;
        let same = !before.racy && entry.stamp.as_ref().is_ok_and(|stamp| *stamp == before.stamp);
        same.then_some(before.sha256)
    });
    Ok(contents.collect())
}

/// Reads those of `entries` again that seem unchanged and that `due` names, and compares their hashes. One
/// whose content changed all the same is written down as altered; one that cannot be read any more counts as
/// unread, so that the scan meets it. Returns how many files were read.
pub fn recheck(
    state: &mut State,
    entries: &[Entry],
    due: impl Fn(&Entry) -> bool,
    options: &Options<'_>,
) -> Result<usize, StateError> {
    let known = state.known_files()?;
    let jobs: Vec<(&Entry, &KnownFile)> = entries
        .iter()
        .filter(|entry| due(entry))
        .filter_map(|entry| Some((entry, known.get(&entry.key)?)))
        .filter(|(entry, known)| {
            let same = entry.stamp.as_ref().is_ok_and(|stamp| *stamp == known.stamp);
            same && !known.racy && known.sha256 != NO_CONTENT
        })
        .collect();
    let in_flight = Gate::default();
    let outcomes: Vec<Option<Recheck>> = options.pool.install(|| {
        let outcome = |(entry, known): &(&Entry, &KnownFile)| {
            if (options.stop)() {
                return None;
            }
            let _pass = in_flight.enter(known.stamp.size.min(BYTES_IN_FLIGHT));
            (options.advance)();
            let mut buffer = BUFFER.take();
            let outcome = match entry.read(options.limits.file_bytes, &mut buffer) {
                Err(_) => Recheck::Unread,
                // Written to meanwhile: the scan reads it as a changed file.
                Ok(contents) if contents.stamp != known.stamp => Recheck::Unread,
                Ok(_) => match crypto::sha256(&buffer) {
                    same if same == known.sha256 => Recheck::Same,
                    other => Recheck::Altered(other),
                },
            };
            keep(buffer);
            Some(outcome)
        };
        jobs.par_iter().with_max_len(1).map(outcome).collect()
    });
    let read = outcomes.iter().flatten().count();
    if outcomes.iter().flatten().any(|outcome| *outcome != Recheck::Same) {
        state.transaction(|writer| {
            jobs.iter().zip(&outcomes).try_for_each(|((entry, known), outcome)| match outcome {
                Some(Recheck::Altered(after)) => writer.altered(&entry.key, known, *after),
                Some(Recheck::Unread) => writer.unread(&entry.key),
                _ => Ok(()),
            })
        })?;
    }
    Ok(read)
}

/// What a second reading found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Recheck {
    Same,
    Altered(Sha256Digest),
    Unread,
}

thread_local! {
    /// Reused from file to file.
    static BUFFER: std::cell::Cell<Vec<u8>> = const { std::cell::Cell::new(Vec::new()) };
}

/// Puts a buffer back; one huge file must not keep its memory for the rest of the run.
fn keep(buffer: Vec<u8>) {
    if buffer.capacity() <= 8 << 20 {
        BUFFER.set(buffer);
    }
}

/// Writes down the stamps of files that were not opened.
pub fn remember_unopened<'a>(state: &mut State, entries: impl Iterator<Item = &'a Entry>) -> Result<(), StateError> {
    let stamps: Vec<_> = entries.filter_map(|entry| Some((&entry.key, *entry.stamp.as_ref().ok()?))).collect();
    state.transaction(|writer| {
        stamps.iter().try_for_each(|(key, stamp)| {
            writer.file(key, &KnownFile { stamp: *stamp, racy: false, sha256: NO_CONTENT })
        })
    })
}

/// Scans `entries`. What is unchanged since it was last read is taken from the state.
pub fn scan(state: &mut State, entries: &[Entry], options: &Options<'_>) -> Result<Scan, StateError> {
    let mut known = state.known_files()?;
    let mut facts: Vec<Option<DocumentFacts>> = Vec::with_capacity(entries.len());
    let mut jobs = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let before = known.remove(&entry.key);
        let unchanged =
            before.filter(|known| !known.racy && entry.stamp.as_ref().is_ok_and(|stamp| *stamp == known.stamp));
        let stored = match unchanged {
            Some(known) => state.facts(known.sha256)?,
            None => None,
        };
        if stored.is_none() {
            jobs.push(index);
        }
        facts.push(stored);
    }
    let mut scan = Scan::default();
    extract(state, entries, &jobs, options, &mut facts, &mut scan)?;
    if scan.left == 0 && !known.is_empty() {
        state.transaction(|writer| known.keys().try_for_each(|gone| writer.forget_file(gone)))?;
    }
    let unread = || Content::NotAssessed(NotAssessed::Unreadable("the run was cut short".into()));
    scan.files = facts
        .into_iter()
        .enumerate()
        .map(|(entry, facts)| {
            let facts = facts.unwrap_or_else(|| DocumentFacts { sha256: NO_CONTENT, size: 0, content: unread() });
            Scanned { entry, facts }
        })
        .collect();
    Ok(scan)
}

/// The result of one job.
struct Done {
    index: usize,
    file: Option<KnownFile>,
    facts: DocumentFacts,
    blobs: Vec<Blob>,
}

fn extract(
    state: &mut State,
    entries: &[Entry],
    jobs: &[usize],
    options: &Options<'_>,
    facts: &mut [Option<DocumentFacts>],
    scan: &mut Scan,
) -> Result<(), StateError> {
    let failed = AtomicBool::new(false);
    let in_flight = Gate::default();
    let (sender, receiver) = sync_channel::<Done>(BATCH);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            options.pool.install(|| {
                jobs.par_iter().with_max_len(1).for_each_with(sender, |sender, index| {
                    if failed.load(Ordering::Relaxed) || (options.stop)() {
                        return;
                    }
                    if let Some(entry) = entries.get(*index) {
                        let done = one(*index, entry, options.limits, &in_flight);
                        (options.advance)();
                        // The receiver is gone only after a failure, which is reported below.
                        let _ = sender.send(done);
                    }
                });
            });
        });
        let mut batch = Vec::with_capacity(BATCH);
        let mut outcome = Ok(());
        for done in receiver {
            if outcome.is_err() {
                continue;
            }
            batch.push(done);
            if batch.len() >= BATCH {
                outcome = write(state, entries, &mut batch, facts, scan);
                failed.store(outcome.is_err(), Ordering::Relaxed);
            }
        }
        outcome.and_then(|()| write(state, entries, &mut batch, facts, scan))
    })?;
    scan.left = jobs.len() - scan.read;
    Ok(())
}

/// Writes a batch down and hands its facts on.
fn write(
    state: &mut State,
    entries: &[Entry],
    batch: &mut Vec<Done>,
    facts: &mut [Option<DocumentFacts>],
    scan: &mut Scan,
) -> Result<(), StateError> {
    state.transaction(|writer| {
        for done in batch.iter() {
            let (Some(file), Some(entry)) = (&done.file, entries.get(done.index)) else { continue };
            writer.file(&entry.key, file)?;
            writer.facts(&done.facts)?;
            done.blobs.iter().try_for_each(|blob| writer.blob(blob))?;
        }
        Ok(())
    })?;
    scan.read += batch.len();
    for done in batch.drain(..) {
        if let Some(slot) = facts.get_mut(done.index) {
            *slot = Some(done.facts);
        }
    }
    Ok(())
}

/// Reads and extracts one file. What could not be read is not written down: the next run tries again.
fn one(index: usize, entry: &Entry, limits: &Limits, in_flight: &Gate) -> Done {
    let size = entry.stamp.as_ref().map_or(0, |stamp| stamp.size).min(BYTES_IN_FLIGHT);
    let _pass = in_flight.enter(size);
    let mut buffer = BUFFER.take();
    match entry.read(limits.file_bytes, &mut buffer) {
        Err(reason) => {
            keep(buffer);
            let size = entry.stamp.as_ref().map_or(0, |stamp| stamp.size);
            let facts = DocumentFacts { sha256: NO_CONTENT, size, content: Content::NotAssessed(reason) };
            Done { index, file: None, facts, blobs: Vec::new() }
        }
        Ok(contents) => {
            let data = Arc::new(buffer);
            let extraction = container::extract(&data, limits);
            if let Ok(buffer) = Arc::try_unwrap(data) {
                keep(buffer);
            }
            let file = KnownFile { stamp: contents.stamp, racy: contents.racy, sha256: extraction.facts.sha256 };
            Done { index, file: Some(file), facts: extraction.facts, blobs: extraction.blobs }
        }
    }
}

/// Bounds the bytes in flight.
#[derive(Default)]
struct Gate {
    used: Mutex<u64>,
    freed: Condvar,
}

struct Pass<'a> {
    gate: &'a Gate,
    bytes: u64,
}

impl Gate {
    fn enter(&self, bytes: u64) -> Pass<'_> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        while *used > 0 && *used + bytes > BYTES_IN_FLIGHT {
            used = self.freed.wait(used).unwrap_or_else(PoisonError::into_inner);
        }
        *used += bytes;
        Pass { gate: self, bytes }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        *self.gate.used.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.gate.freed.notify_all();
    }
}
