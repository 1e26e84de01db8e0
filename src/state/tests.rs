//! What the state promises: nothing of a transaction that failed, one body for equal reports, killed
//! runs marked.

use super::*;
use crate::model::{Content, NotAssessed, UnixTime};

fn facts(byte: u8) -> DocumentFacts {
    DocumentFacts { sha256: Sha256Digest([byte; 32]), size: 7, content: Content::NotAssessed(NotAssessed::NotPdf) }
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = State::open(&folder.path().join("s.db")).unwrap();
    let outcome: Result<(), _> = state.transaction(|writer| {
        writer.facts(&facts(1))?;
        Err(rusqlite::Error::QueryReturnedNoRows)
    });
    assert!(outcome.is_err());
    assert_eq!(state.facts(Sha256Digest([1; 32])).unwrap(), None);
}

#[test]
fn facts_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let mut state = State::open(&path).unwrap();
    state.transaction(|writer| writer.facts(&facts(2))).unwrap();
    drop(state);
    assert_eq!(State::open(&path).unwrap().facts(Sha256Digest([2; 32])).unwrap(), Some(facts(2)));
}

#[test]
fn a_killed_run_is_marked_partial_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = State::open(&folder.path().join("s.db")).unwrap();
    let killed = state.begin_run(UnixTime(1), UnixTime(1)).unwrap();
    state.begin_run(UnixTime(2), UnixTime(2)).unwrap();
    let runs = state.runs().unwrap();
    assert_eq!(runs.iter().find(|run| run.id == killed).unwrap().status, RunStatus::Partial);
    assert_eq!(runs[0].status, RunStatus::Running);
}

#[test]
fn only_one_run_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    let lock = State::lock(&path).unwrap();
    assert!(matches!(State::lock(&path), Err(StateError::Locked(_))));
    drop(lock);
    State::lock(&path).unwrap();
}

#[test]
fn a_newer_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.db");
    drop(State::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(State::open(&path), Err(StateError::Newer { found: 99, .. })));
}
