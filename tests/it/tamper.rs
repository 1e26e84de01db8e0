//! Whatever is done to a signed file, no signature passes over bytes that are not those it signed.

use super::run::{archive, bare, lines};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Every how many bytes one is changed.
const STEP: usize = 97;
/// How many documents are tampered with.
const DOCUMENTS: usize = 4;
/// Largest document taken.
const LARGEST: u64 = 60_000;

/// A signature as reported.
struct Signature {
    passed: bool,
    whole_file: bool,
    /// Start and end of the two signed ranges.
    ranges: Vec<(usize, usize)>,
}

impl Signature {
    fn read(value: &Value) -> Self {
        let numbers: Vec<usize> = value["byte_range"]
            .as_array()
            .map(|range| range.iter().filter_map(|number| usize::try_from(number.as_u64()?).ok()).collect())
            .unwrap_or_default();
        Self {
            passed: value["indication"] == "TOTAL-PASSED",
            whole_file: value["coverage"] == "whole-file",
            ranges: numbers.chunks_exact(2).map(|pair| (pair[0], pair[0] + pair[1])).collect(),
        }
    }

    fn end(&self) -> usize {
        self.ranges.last().map_or(0, |range| range.1)
    }

    fn covers(&self, offset: usize) -> bool {
        self.ranges.iter().any(|&(start, end)| (start..end).contains(&offset))
    }
}

/// What was said of one file.
struct Answer {
    assessed: bool,
    signatures: Vec<Signature>,
}

/// The answers for `paths`, in their order.
fn verify(folder: &Path, paths: &[PathBuf]) -> Vec<Answer> {
    let list = folder.join("paths");
    let names: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    fs::write(&list, names.join("\n")).unwrap();
    let output = bare()
        .arg("--config")
        .arg(archive().join("soat.toml"))
        .arg("--state")
        .arg(folder.join("state.db"))
        .args(["verify", "--format", "jsonl", "--paths-from"])
        .arg(&list)
        .output()
        .unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1 | 4)), "{}", String::from_utf8_lossy(&output.stderr));
    let documents = lines(&String::from_utf8(output.stdout).unwrap(), "document");
    assert_eq!(documents.iter().map(|document| document["path"].as_str().unwrap()).collect::<Vec<_>>(), names);
    let signatures = |document: &Value| {
        let list = document["signatures"].as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().map(Signature::read).collect()
    };
    documents
        .iter()
        .map(|document| Answer { assessed: document["assessed"] == true, signatures: signatures(document) })
        .collect()
}

/// Documents of the bundled archive whose signatures all pass: the one with the most signatures, then the
/// smallest.
fn passing(folder: &Path) -> Vec<(Vec<u8>, Answer)> {
    let mut paths = Vec::new();
    let mut open = vec![archive().join("documents")];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "pdf") && path.metadata().unwrap().len() < LARGEST {
                paths.push(path);
            }
        }
    }
    paths.sort_by_cached_key(|path| (path.metadata().unwrap().len(), path.clone()));
    paths.truncate(60);
    let answers = verify(folder, &paths);
    let mut found: Vec<(PathBuf, Answer)> = paths
        .into_iter()
        .zip(answers)
        .filter(|(_, answer)| {
            !answer.signatures.is_empty() && answer.signatures.iter().all(|signature| signature.passed)
        })
        .collect();
    if let Some(most) = (0..found.len()).max_by_key(|&index| (found[index].1.signatures.len(), usize::MAX - index)) {
        let most = found.remove(most);
        found.insert(0, most);
    }
    found.truncate(DOCUMENTS);
    assert_eq!(found.len(), DOCUMENTS);
    found.into_iter().map(|(path, answer)| (fs::read(path).unwrap(), answer)).collect()
}

/// Variants of a document on disk, with what was done to each.
struct Variants {
    folder: TempDir,
    paths: Vec<PathBuf>,
    what: Vec<(usize, usize)>,
}

impl Variants {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), paths: Vec::new(), what: Vec::new() }
    }

    fn add(&mut self, data: &[u8], document: usize, at: usize) {
        let path = self.folder.path().join(format!("{}.pdf", self.paths.len()));
        fs::write(&path, data).unwrap();
        self.paths.push(path);
        self.what.push((document, at));
    }

    fn answers(&self) -> impl Iterator<Item = ((usize, usize), Answer)> {
        self.what.iter().copied().zip(verify(self.folder.path(), &self.paths))
    }
}

/// Offsets to change: every so many bytes, and each byte of the signature dictionaries beside the digits.
fn offsets(data: &[u8], answer: &Answer) -> BTreeSet<usize> {
    let mut offsets: BTreeSet<usize> = (0..data.len()).step_by(STEP).collect();
    for signature in &answer.signatures {
        let [(_, gap), (behind, _)] = signature.ranges[..] else { panic!("two ranges expected") };
        let start = data[..gap].windows(4).rposition(|window| window == b" obj").unwrap();
        let end = data[behind..].windows(6).position(|window| window == b"endobj").unwrap() + behind + 6;
        offsets.extend((start.saturating_sub(8)..gap + 1).chain(behind - 1..end));
    }
    offsets
}

#[test]
fn a_changed_byte_never_passes_under_a_signature_that_covers_it() {
    let folder = tempfile::tempdir().unwrap();
    let documents = passing(folder.path());
    let mut variants = Variants::new();
    for (index, (data, answer)) in documents.iter().enumerate() {
        let mut data = data.clone();
        for offset in offsets(&data, answer) {
            data[offset] ^= 0x01;
            variants.add(&data, index, offset);
            data[offset] ^= 0x01;
        }
    }
    let mut wrong = Vec::new();
    for ((document, offset), answer) in variants.answers() {
        if answer.assessed && answer.signatures.is_empty() {
            wrong.push(format!("document {document}: unsigned with byte {offset} changed"));
        }
        if answer.signatures.iter().any(|signature| signature.passed && signature.covers(offset)) {
            wrong.push(format!("document {document}: passes with byte {offset} changed"));
        }
        // Nobody may read a changed document as wholly sound either.
        let covered = documents[document].1.signatures.iter().any(|signature| signature.covers(offset));
        if covered && !answer.signatures.is_empty() && answer.signatures.iter().all(|signature| signature.passed) {
            wrong.push(format!("document {document}: every signature passes with byte {offset} changed"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_cut_or_lengthened_file_is_never_wholly_covered() {
    let folder = tempfile::tempdir().unwrap();
    let documents = passing(folder.path());
    let mut variants = Variants::new();
    for (index, (data, original)) in documents.iter().enumerate() {
        // Cut at the end of an earlier signed revision, the file is a sound one.
        let sound: BTreeSet<usize> = original.signatures.iter().map(Signature::end).collect();
        let cuts = (1..24).map(|part| data.len() * part / 24).chain((1..12).map(|back| data.len() - back));
        for cut in cuts.filter(|cut| !sound.contains(cut)) {
            variants.add(&data[..cut], index, cut);
        }
        let tails: [&[u8]; 6] =
            [b"\n", b"garbage", b"\0\0\0\0", b"%%EOF\n", b"9999 0 obj\n(hidden)\nendobj\n", b"\nstartxref\n0\n%%EOF\n"];
        for tail in tails {
            variants.add(&[data.as_slice(), tail].concat(), index, data.len() + tail.len());
        }
    }
    let mut wrong = Vec::new();
    for ((document, length), answer) in variants.answers() {
        for signature in answer.signatures.iter().filter(|signature| signature.passed) {
            if signature.whole_file || signature.end() > length {
                wrong.push(format!("document {document}: passes with {length} bytes"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
