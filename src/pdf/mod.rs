//! The structure of a PDF: objects, revisions, signature fields, and what changed between revisions.
//!
//! The reader is strict about what it believes and tolerant about what it can open: every cross-reference
//! section is kept apart, so that the document can be looked at as of each revision; what had to be
//! repaired or guessed is noted. It checks no cryptography and draws no page.

mod byte_range;
mod document;
mod filter;
mod form;
mod object;
mod parser;
mod security_store;
mod signature;
mod xref;

pub use security_store::SecurityStoreStreams;
pub use signature::{Contents, FieldLock, SignatureField};

use crate::limits::Limits;
use crate::model::{ModificationFacts, ModificationLevel, NotAssessed, RevisionFacts, StructureNote};
use document::Document;
use form::Pages;

/// An opened file.
pub struct PdfFile<'a> {
    document: Document<'a>,
    pages: Pages,
    signatures: Vec<SignatureField>,
    empty: u32,
}

/// Opens a file's bytes and finds its revisions, pages and signature fields.
///
/// # Errors
/// When the file cannot be judged: the reason.
pub fn open<'a>(data: &'a [u8], limits: &Limits) -> Result<PdfFile<'a>, NotAssessed> {
    let document = Document::open(data, limits)?;
    if document.trailer(document.newest()).get(b"Encrypt").is_some() {
        return Err(NotAssessed::Encrypted);
    }
    let pages = Pages::read(&document, document.newest());
    let found = signature::find(&document, &pages);
    document.check_limit()?;
    Ok(PdfFile { document, pages, signatures: found.signatures, empty: found.empty })
}

impl PdfFile<'_> {
    /// Every revision, oldest first.
    pub fn revisions(&self) -> Vec<RevisionFacts> {
        self.document.revision_facts()
    }

    /// Every signature, ordered by the end of its signed range, then by field name.
    pub fn signature_fields(&self) -> &[SignatureField] {
        &self.signatures
    }

    /// Signature fields without a value.
    pub fn empty_signature_fields(&self) -> u32 {
        self.empty
    }

    /// What later revisions did to signature `index`'s document.
    pub fn modification(&self, index: usize) -> ModificationFacts {
        let _ = index;
        ModificationFacts { level: ModificationLevel::Unknown, changes: Vec::new() }
    }

    /// Validation data of every revision's /DSS.
    pub fn security_store(&self) -> SecurityStoreStreams {
        security_store::read(&self.document, self.document.revisions.len())
    }

    /// Structural oddities.
    pub fn notes(&self) -> Vec<StructureNote> {
        self.document.notes()
    }

    /// Number of pages in the newest revision.
    pub fn pages(&self) -> u32 {
        u32::try_from(self.pages.list.len()).unwrap_or(u32::MAX)
    }

    /// /Producer of the newest /Info.
    pub fn producer(&self) -> Option<String> {
        let view = self.document.newest();
        let information = self.document.value(view, self.document.trailer(view).get(b"Info"));
        let producer = self.document.value(view, information.dictionary()?.get(b"Producer"));
        producer.string().map(|text| self.document.text(text))
    }
}
