//! From a file's bytes to its facts. A new container format is one more arm here.

mod covers;

use crate::crypto;
use crate::limits::Limits;
use crate::model::{
    Blob, Content, DocumentFacts, IdentityFacts, ImageFormat, LimitHit, NotAssessed, PdfFacts, RevisionFacts, Secrecy,
    Sha256Digest, StructureNote, XrefKind,
};
use crate::{edxml, page, pdf, raster, signature};
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
    let outcome = catch_unwind(AssertUnwindSafe(|| extract_any(data, limits)));
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

/// The signatures alone, without what the pages show: for measuring.
pub fn extract_signatures(data: &[u8], limits: &Limits) -> Result<signature::Extracted, NotAssessed> {
    pdf::open(data, limits).map(|file| signature::extract(&file, data, limits))
}

fn extract_any(data: &Arc<Vec<u8>>, limits: &Limits) -> Result<Extraction, NotAssessed> {
    match extract_pdf(data, limits) {
        Err(NotAssessed::NotPdf) if edxml::is_package(data) => extract_package(data, limits),
        outcome => outcome,
    }
}

fn extract_package(data: &[u8], limits: &Limits) -> Result<Extraction, NotAssessed> {
    let content = Content::Package(Box::new(edxml::read(data, limits)?));
    let size = u64::try_from(data.len()).unwrap_or(u64::MAX);
    Ok(Extraction { facts: DocumentFacts { sha256: crypto::sha256(data), size, content }, blobs: Vec::new() })
}

fn extract_pdf(data: &Arc<Vec<u8>>, limits: &Limits) -> Result<Extraction, NotAssessed> {
    let size = u64::try_from(data.len()).unwrap_or(u64::MAX);
    if data.is_empty() {
        return Err(NotAssessed::Empty);
    }
    if size > limits.file_bytes {
        return Err(NotAssessed::Limit(LimitHit { limit: "file_bytes".into(), value: limits.file_bytes }));
    }
    if let Some(format) = image_format(data) {
        let facts = DocumentFacts { sha256: crypto::sha256(data), size, content: Content::Image(format) };
        return Ok(Extraction { facts, blobs: Vec::new() });
    }
    let file = pdf::open(data, limits)?;
    let extracted = signature::extract(&file, data, limits);
    if extracted.signatures.is_empty() {
        if ends_unfinished(&file.revisions(), data) {
            return Err(NotAssessed::Truncated);
        }
        if is_damaged(&file) && data.windows(BYTE_RANGE.len()).any(|window| window == BYTE_RANGE) {
            return Err(NotAssessed::Structure("damaged, with traces of a signature".into()));
        }
    }
    let excess = file.page_reading_excess().map(NotAssessed::Limit);
    if let Some(reason) = file.limit_reached().or(excess) {
        return Err(reason);
    }
    let shown = page::read(Arc::clone(data), limits, &crypto::sha256);
    if let Some(mark) = shown.identity.secrecy {
        return Ok(secret(extracted.sha256, size, file.pages(), mark));
    }
    let mut signatures = extracted.signatures;
    for signature in &mut signatures {
        signature.appearance = shown
            .appearances
            .iter()
            .find(|appearance| appearance.field == signature.field)
            .map(|appearance| appearance.appearance.clone());
    }
    covers::settle(&file, data, &mut signatures, limits);
    let mut notes = file.notes();
    notes.extend(shown.notes.iter().filter_map(page_note));
    if let Some(difference) = shown.outline.and_then(|outline| file.outline().difference(&outline)) {
        notes.push(StructureNote::ReadersDisagree(difference));
    }
    // What was left out beyond a limit may have been what mattered.
    if let Some(reason) = file.limit_reached() {
        return Err(reason);
    }
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

/// Image files are scans: what they show is looked at when scans are compared.
fn image_format(data: &[u8]) -> Option<ImageFormat> {
    match raster::format_of(data)? {
        raster::Format::Jpeg => Some(ImageFormat::Jpeg),
        raster::Format::Png => Some(ImageFormat::Png),
        raster::Format::Tiff => Some(ImageFormat::Tiff),
        raster::Format::Pdf => None,
    }
}

/// The key that every signature dictionary has (ISO 32000-2, table 255).
const BYTE_RANGE: &[u8] = b"/ByteRange";

/// The structure had to be rebuilt or contradicts itself. Then the mere word /ByteRange in the bytes is
/// reason enough not to call the file unsigned; it is never reason to believe in a signature.
fn is_damaged(file: &pdf::PdfFile<'_>) -> bool {
    file.revisions().iter().any(|revision| revision.xref == XrefKind::Repaired)
        || file.notes().iter().any(|note| matches!(note, StructureNote::Repaired | StructureNote::ReadersDisagree(_)))
}

/// Behind the last finished revision stand objects without a cross-reference section: an update, perhaps
/// the signatures, was cut off. Such a file is never called unsigned.
fn ends_unfinished(revisions: &[RevisionFacts], data: &[u8]) -> bool {
    let Some(last) = revisions.last().filter(|last| last.xref != XrefKind::Repaired) else { return false };
    let tail = usize::try_from(last.end).ok().and_then(|end| data.get(end..)).unwrap_or_default();
    tail.windows(5).any(|window| window.starts_with(b" obj") && !window[4].is_ascii_alphanumeric())
}

/// A secrecy mark on page 1: nothing of the file is kept but that (domain README section 12).
fn secret(sha256: Sha256Digest, size: u64, pages: u32, mark: Secrecy) -> Extraction {
    let identity = IdentityFacts { secrecy: Some(mark), ..IdentityFacts::default() };
    let facts = PdfFacts { pages, identity, ..PdfFacts::default() };
    Extraction { facts: DocumentFacts { sha256, size, content: Content::Pdf(Box::new(facts)) }, blobs: Vec::new() }
}

/// What the reader of pages met, as a structural oddity.
fn page_note(note: &page::PageNote) -> Option<StructureNote> {
    match note {
        page::PageNote::NotOpened => Some(StructureNote::ReadersDisagree("pages: not opened".into())),
        page::PageNote::Encrypted => Some(StructureNote::ReadersDisagree("pages: encrypted".into())),
        page::PageNote::NoPages => Some(StructureNote::ReadersDisagree("pages: none".into())),
        page::PageNote::Limit(hit) => Some(StructureNote::PagesUnread(format!("limit {} = {}", hit.limit, hit.value))),
        page::PageNote::ContentUnreadable => Some(StructureNote::PagesUnread("content of page 1".into())),
        page::PageNote::IdentityFromOcrLayer => None,
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("panic").chars().take(200).collect()
}
