//! `soat verify`: documents one by one, every building block explained.

use super::arguments::{VerifyArguments, VerifyFormat};
use super::context::JudgingMaterial;
use super::exit::{Exit, Failure};
use super::named::{self, Tally};
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
use std::path::Path;
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
    let files = named::files(&arguments.files, arguments.paths_from.as_deref(), terminal)?;
    if material.paths.store().anchors.is_empty() {
        terminal.note(terminal.pick(
            "Chưa có gốc tin cậy nào nên không chữ ký nào được kết luận hợp lệ: thêm --archive THƯ_MỤC-KHO (dùng soat.toml của kho) hoặc --anchors THƯ_MỤC-GỐC.",
            "There is no trust anchor, so no signature can pass: add --archive FOLDER (to use its soat.toml) or --anchors FOLDER.",
        ));
    }
    let options = Options {
        language: terminal.language,
        disclose: Disclose::Full,
        colour: terminal.colour,
        ..Options::default()
    };
    let metas: Vec<_> = CHECKS.iter().map(|check| check.meta.to_model()).collect();
    let mut tally = Tally::new();
    for window in files.chunks(WINDOW) {
        let documents: Vec<DocumentReport> =
            pool.install(|| window.par_iter().with_max_len(1).map(|file| one(file, material, limits)).collect());
        for document in &documents {
            tally.add(exit(document));
            let text = match arguments.format {
                VerifyFormat::Jsonl => report::document_line(document, &options)? + "\n",
                VerifyFormat::Plain => report::explain_document(document, &[], &metas, &options),
            };
            print(text.as_bytes())?;
        }
    }
    if arguments.format == VerifyFormat::Jsonl {
        print(format!("{}\n", tally.summary("files")).as_bytes())?;
    }
    Ok(tally.exit())
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
