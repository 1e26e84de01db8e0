//! `soat verify`: documents one by one, every building block explained.

use super::arguments::{VerifyArguments, VerifyFormat};
use super::context::JudgingMaterial;
use super::exit::{Exit, Failure};
use super::system;
use super::terminal::{Terminal, print};
use crate::archive;
use crate::check::CHECKS;
use crate::container;
use crate::limits::Limits;
use crate::model::{Content, DocumentReport, Indication, Membership, NotAssessed, SignatureKind};
use crate::records;
use crate::report::{self, Disclose, Options};
use crate::validate::{self, Carried, Detail};
use rayon::ThreadPool;
use rayon::prelude::*;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Documents judged at a time before their lines are printed: bounds memory, keeps the order.
const WINDOW: usize = 64;

/// Verifies every file named.
pub(super) fn verify(
    arguments: &VerifyArguments,
    material: &JudgingMaterial,
    limits: &Limits,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let mut files = arguments.files.clone();
    if let Some(list) = &arguments.paths_from {
        files.extend(paths_from(list, terminal)?);
    }
    if files.is_empty() {
        let text = terminal.pick("Chưa nêu tệp nào cần kiểm tra.", "No file to verify was named.");
        return Err(Failure::message(Exit::Usage, text));
    }
    let options = Options {
        language: terminal.language,
        disclose: Disclose::Full,
        colour: terminal.colour,
        ..Options::default()
    };
    let metas: Vec<_> = CHECKS.iter().map(|check| check.meta.to_model()).collect();
    let mut worst = Exit::Passed;
    let mut count = [0usize; 4];
    for window in files.chunks(WINDOW) {
        let documents: Vec<DocumentReport> =
            pool.install(|| window.par_iter().with_max_len(1).map(|file| one(file, material, limits)).collect());
        for document in &documents {
            let exit = exit(document);
            worst = worse(worst, exit);
            count[0] += 1;
            count[match exit {
                Exit::Passed => 1,
                Exit::NotPassed => 2,
                _ => 3,
            }] += 1;
            let text = match arguments.format {
                VerifyFormat::Jsonl => report::document_line(document, &options)? + "\n",
                VerifyFormat::Plain => report::explain_document(document, &[], &metas, &options),
            };
            print(text.as_bytes())?;
        }
    }
    if arguments.format == VerifyFormat::Jsonl {
        let [files, passed, not_passed, undecided] = count;
        let summary = serde_json::json!({
            "v": 1, "type": "summary", "files": files, "passed": passed, "not_passed": not_passed, "undecided": undecided
        });
        print(format!("{summary}\n").as_bytes())?;
    }
    Ok(worst)
}

/// Paths of a list, one a line.
pub(super) fn paths_from(list: &Path, terminal: &Terminal) -> Result<Vec<PathBuf>, Failure> {
    let reader: Box<dyn BufRead> = if list == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        let file = std::fs::File::open(list).map_err(|error| {
            Failure::message(Exit::Usage, format!("{}: {}", list.display(), system::say(&error, terminal)))
        })?;
        Box::new(std::io::BufReader::new(file))
    };
    let lines = reader.lines().collect::<Result<Vec<_>, _>>()?;
    Ok(lines.into_iter().filter(|line| !line.is_empty()).map(PathBuf::from).collect())
}

/// Judges one file outside any archive: integrity, modification and trust only.
fn one(path: &Path, material: &JudgingMaterial, limits: &Limits) -> DocumentReport {
    let mut buffer = Vec::new();
    let mut report = DocumentReport {
        path: path.to_string_lossy().into_owned(),
        sha256: archive::NO_CONTENT,
        not_assessed: None,
        unit: None,
        number: None,
        date: None,
        processing: None,
        exclusion: None,
        n2: Membership::Maybe,
        version_of: None,
        row: None,
        signatures: Vec::new(),
        identity: None,
    };
    if let Err(reason) = archive::read(path, limits.file_bytes, &mut buffer) {
        report.not_assessed = Some(reason);
        return report;
    }
    let extraction = container::extract(&Arc::new(buffer), limits);
    report.sha256 = extraction.facts.sha256;
    match extraction.facts.content {
        Content::NotAssessed(reason) => report.not_assessed = Some(reason),
        // Verifying asks for signatures, which an image file cannot carry.
        Content::Image(_) => report.not_assessed = Some(NotAssessed::NotPdf),
        // A package is judged with its document, in an audit.
        Content::Package(_) => report.not_assessed = Some(NotAssessed::NotPdf),
        Content::Pdf(facts) => {
            let mut carried = Carried::default();
            extraction.blobs.iter().for_each(|blob| carried.add(blob));
            report.number = facts.identity.reference.clone();
            report.date = facts.identity.date;
            report.signatures =
                validate::judge(&facts, facts.identity.date, &material.context(&carried, limits, Detail::Full));
            report.n2 = records::lawfully_signed(&report.signatures);
            report.identity = Some(facts.identity);
        }
    }
    report
}

/// Passed: signed, and every signature passed.
fn exit(document: &DocumentReport) -> Exit {
    if let Some(reason) = &document.not_assessed {
        return match reason {
            NotAssessed::Unreadable(_) => Exit::Usage,
            _ => Exit::Undecided,
        };
    }
    let is = |wanted| document.signatures.iter().any(|signature| signature.indication == wanted);
    if is(Indication::TotalFailed) || document.signatures.iter().all(|s| s.kind == SignatureKind::DocumentTimestamp) {
        Exit::NotPassed
    } else if is(Indication::Indeterminate) {
        Exit::Undecided
    } else {
        Exit::Passed
    }
}

/// A file that failed outweighs one that could not be decided; a file that cannot be read at all is a
/// wrong argument.
pub(super) fn worse(a: Exit, b: Exit) -> Exit {
    let rank = |exit| match exit {
        Exit::Passed => 0,
        Exit::Undecided => 1,
        Exit::NotPassed => 2,
        _ => 3,
    };
    if rank(b) > rank(a) { b } else { a }
}
