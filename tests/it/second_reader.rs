//! Another PDF reader on the bundled archive: where both can follow a file, they see the same pages.
//!
//! The `pdf` crate resolves some incremental updates to a stale revision, so it is never asked for a
//! verdict; the number of pages does not change in these files, so it has to agree.

use super::run::archive;
use soat::limits::Limits;
use std::fs;
use std::path::{Path, PathBuf};

fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn both_readers_count_the_same_pages() {
    let mut files = Vec::new();
    documents(&archive().join("documents"), &mut files);
    let mut compared = 0;
    let mut wrong = Vec::new();
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let Ok(ours) = soat::pdf::open(&bytes, &Limits::default()) else { continue };
        let Ok(theirs) = pdf::file::FileOptions::uncached().load(bytes.clone()) else { continue };
        compared += 1;
        if ours.pages() != theirs.num_pages() {
            wrong.push(format!("{}: {} and {}", path.display(), ours.pages(), theirs.num_pages()));
        }
    }
    assert!(compared >= 100, "only {compared} files could be compared");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
