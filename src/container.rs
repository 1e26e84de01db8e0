//! From a file's bytes to its facts. A new container format is one more arm here.

use crate::crypto;
use crate::limits::Limits;
use crate::model::{Blob, Content, DocumentFacts, LimitHit, NotAssessed, PdfFacts};
use crate::{page, pdf, signature};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Facts and the DER met on the way.
pub struct Extraction {
    /// The facts.
    pub facts: DocumentFacts,
    /// Certificates, CRLs and OCSP responses, each once.
    pub blobs: Vec<Blob>,
}

/// Extracts everything that is judged later. Never fails and never panics: what cannot be judged is
/// a fact, and a fault of this program in one file stays with that file.
pub fn extract(data: &Arc<Vec<u8>>, limits: &Limits) -> Extraction {
    let outcome = catch_unwind(AssertUnwindSafe(|| extract_pdf(data, limits)));
    let not_assessed = match outcome {
        Ok(Ok(extraction)) => return extraction,
        Ok(Err(reason)) => reason,
        Err(panic) => NotAssessed::InternalFault(panic_text(panic.as_ref())),
    };
    let facts = DocumentFacts {
        sha256: crypto::sha256(data),
        size: u64::try_from(data.len()).unwrap_or(u64::MAX),
        content: Content::NotAssessed(not_assessed),
    };
    Extraction { facts, blobs: Vec::new() }
}

fn extract_pdf(data: &Arc<Vec<u8>>, limits: &Limits) -> Result<Extraction, NotAssessed> {
    let size = u64::try_from(data.len()).unwrap_or(u64::MAX);
    if data.is_empty() {
        return Err(NotAssessed::Empty);
    }
    if size > limits.file_bytes {
        return Err(NotAssessed::Limit(LimitHit { limit: "file_bytes".into(), value: limits.file_bytes }));
    }
    let file = pdf::open(data, limits)?;
    let extracted = signature::extract(&file, data, limits);
    let shown = page::read(data, limits, &crypto::sha256);
    let mut signatures = extracted.signatures;
    for signature in &mut signatures {
        signature.appearance = shown
            .appearances
            .iter()
            .find(|appearance| appearance.field == signature.field)
            .map(|appearance| appearance.facts.clone());
    }
    let mut notes = file.notes();
    notes.extend(shown.notes);
    let facts = PdfFacts {
        pages: file.pages(),
        revisions: file.revisions(),
        prefixes: extracted.prefixes,
        signatures,
        empty_signature_fields: file.empty_signature_fields(),
        identity: shown.identity,
        producer: file.producer(),
        notes,
        security_store: extracted.security_store,
    };
    let facts = DocumentFacts { sha256: extracted.sha256, size, content: Content::Pdf(Box::new(facts)) };
    Ok(Extraction { facts, blobs: extracted.blobs })
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("panic").chars().take(200).collect()
}
