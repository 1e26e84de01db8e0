//! Scans that the comparison of page images found to print an e-document, brought to the files that hold them.

use super::RecordsInput;
use super::document::{DocumentClass, DocumentKind, EvidenceKind, PaperEvidence, PrintTrace};
use crate::model::{DuplicateTier, PrintMatch, PrintOutcome, Sha256Digest};
use std::collections::HashMap;

/// Outcomes by scan and by e-document, as indices of files.
#[derive(Default)]
pub(super) struct Prints<'a> {
    of_scan: HashMap<usize, (usize, &'a PrintMatch)>,
    of_document: HashMap<usize, Vec<(usize, &'a PrintMatch)>>,
}

impl<'a> Prints<'a> {
    /// Of the files with one content, the one that stands for it takes part.
    pub(super) fn new(input: &RecordsInput<'a>, documents: &[DocumentClass]) -> Self {
        let mut prints = Self::default();
        if input.prints.is_empty() {
            return prints;
        }
        let mut by_content: HashMap<Sha256Digest, usize> = HashMap::new();
        for (at, document) in documents.iter().enumerate() {
            let stands = matches!(document.kind, DocumentKind::Main | DocumentKind::PaperTwin(_));
            if let (true, Some(sha256)) = (stands, document.sha256) {
                by_content.entry(sha256).or_insert(at);
            }
        }
        for found in input.prints {
            let (Some(scan), Some(document)) = (by_content.get(&found.scan), by_content.get(&found.document)) else {
                continue;
            };
            prints.of_scan.insert(*scan, (*document, found));
            prints.of_document.entry(*document).or_default().push((*scan, found));
        }
        prints
    }

    /// A scan that is certainly a print and has no register row of its own is no document of its own.
    pub(super) fn settle(&self, documents: &mut [DocumentClass]) {
        for (scan, (document, found)) in &self.of_scan {
            if found.outcome != PrintOutcome::Certain {
                continue;
            }
            let Some(path) = documents.get(*document).map(|document| document.path.clone()) else { continue };
            if let Some(scan) = documents.get_mut(*scan).filter(|scan| scan.row.is_none()) {
                scan.kind = DocumentKind::PaperTwin(path);
            }
        }
    }

    /// Whether the images say that a scan with an e-document's number is not its print.
    pub(super) fn refute(&self, scan: usize, document: usize) -> bool {
        self.of_scan.get(&scan).is_some_and(|(of, found)| match found.outcome {
            PrintOutcome::CertifiedCopy => true,
            PrintOutcome::Other => *of == document,
            PrintOutcome::Certain | PrintOutcome::Probable => *of != document,
        })
    }

    /// Whether a scan's images already speak of an e-document.
    pub(super) fn is_of(&self, scan: usize, document: usize) -> bool {
        self.of_scan.get(&scan).is_some_and(|(of, found)| {
            *of == document && matches!(found.outcome, PrintOutcome::Certain | PrintOutcome::Probable)
        })
    }

    /// Prints of an e-document.
    pub(super) fn traces(&self, document: usize, documents: &[DocumentClass]) -> Vec<PrintTrace> {
        let found = self.of_document.get(&document).map(Vec::as_slice).unwrap_or_default();
        let trace = |(scan, found): &(usize, &PrintMatch)| {
            let tier = match found.outcome {
                PrintOutcome::Certain => DuplicateTier::Certain,
                PrintOutcome::Probable => DuplicateTier::Probable,
                PrintOutcome::CertifiedCopy | PrintOutcome::Other => return None,
            };
            Some(PrintTrace {
                place: documents.get(*scan)?.path.clone(),
                tier,
                reasons: found.reasons.clone(),
                pictures: found.pictures.clone(),
            })
        };
        let mut traces: Vec<PrintTrace> = found.iter().filter_map(trace).collect();
        traces.sort_by(|a, b| a.place.cmp(&b.place));
        traces
    }
}

impl PrintTrace {
    /// The trace as evidence.
    pub(super) fn evidence(&self) -> PaperEvidence {
        let kind = match self.tier {
            DuplicateTier::Certain => EvidenceKind::ScanPrint,
            DuplicateTier::Probable => EvidenceKind::ScanLikely,
        };
        PaperEvidence { kind, place: self.place.clone() }
    }
}
