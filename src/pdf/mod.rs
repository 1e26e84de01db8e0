//! The structure of a PDF: objects, revisions, signature fields, and what changed between revisions.
//!
//! The reader is strict about what it believes and tolerant about what it can open: every cross-reference
//! section is kept apart, so that the document can be looked at as of each revision; what had to be
//! repaired or guessed is noted. It checks no cryptography and draws no page.

mod byte_range;
mod cover;
mod diff;
mod document;
mod encryption;
mod expansion;
mod filter;
mod form;
mod hidden;
mod object;
mod parser;
mod remembered;
mod repair;
mod revision;
mod security_store;
mod signature;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod visible;
mod xref;

pub use cover::{Cover, CoveringUpdate};
pub use security_store::SecurityStoreStreams;
pub use signature::{Contents, FieldLock, SignatureField};

use crate::limits::Limits;
use crate::model::{
    Change, LimitHit, ModificationFacts, ModificationLevel, NotAssessed, Outline, OutlineField, OutlineValue,
    RangeLayout, RevisionFacts, StructureNote,
};
use diff::{Comparisons, Permissions};
use document::{Document, View};
use form::{Node, Pages};
use object::Object;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The part of a page that all later signatures together may cover: seals and number boxes stay below a
/// fiftieth each (measured; ours).
const MOST_COVERED: f64 = 0.5;

/// An opened file.
pub struct PdfFile<'a> {
    document: Document<'a>,
    pages: Rc<Pages>,
    signatures: Vec<SignatureField>,
    /// For each signature, the view of its signed revision.
    signed_views: Vec<Option<SignedView>>,
    empty: u32,
    comparisons: Comparisons,
}

#[derive(Clone, Copy)]
struct SignedView {
    view: View,
    /// The newest revision's sections do not continue those of the signed one.
    diverges: bool,
}

/// Opens a file's bytes and finds its revisions, pages and signature fields.
///
/// # Errors
/// When the file cannot be judged: the reason.
pub fn open<'a>(data: &'a [u8], limits: &Limits) -> Result<PdfFile<'a>, NotAssessed> {
    let mut document = Document::open(data, limits)?;
    let pages = Pages::read(&document, document.newest());
    let mut found = signature::find(&document, &pages);
    let abandoned = document.abandoned_views();
    if !abandoned.is_empty() {
        signature::add_abandoned(&document, &abandoned, &mut found);
    }
    document.check_limit()?;
    let signed_views = found.signatures.iter().map(|signature| signed_view(&mut document, signature)).collect();
    Ok(PdfFile {
        document,
        pages,
        signatures: found.signatures,
        signed_views,
        empty: found.empty,
        comparisons: Comparisons::default(),
    })
}

/// The view that a signature signed.
fn signed_view(document: &mut Document<'_>, signature: &SignatureField) -> Option<SignedView> {
    let end = signature.signed_end.filter(|&end| end <= document.data.len())?;
    // The revision must hold the signature itself.
    let written = match &signature.contents {
        Contents::Present { span, .. } => span.0,
        Contents::Absent(_) => 0,
    };
    let known = document
        .revision_before(end)
        .map(|(index, _)| View(index))
        .filter(|view| document.revisions.get(view.0).is_some_and(|revision| written < revision.marker));
    if end == document.data.len() {
        return Some(SignedView { view: document.newest(), diverges: false });
    }
    if let Some(view) = known
        && document.unsound.is_none()
        && document.continues(view, end)
    {
        return Some(SignedView { view, diverges: false });
    }
    // Sections that the newest revision no longer continues must at least hold the signature.
    let view = document.view_as_of(end).filter(|&view| document.reaches(view) > written);
    match view {
        Some(view) if view <= document.newest() && document.unsound.is_none() => {
            Some(SignedView { view, diverges: false })
        }
        Some(view) => Some(SignedView { view, diverges: true }),
        None => known.map(|view| SignedView { view, diverges: true }),
    }
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

    /// What later revisions did to the document as signature `index` signed it.
    pub fn modification(&self, index: usize) -> ModificationFacts {
        let unknown = ModificationFacts { level: ModificationLevel::Unknown, changes: Vec::new() };
        let Some(signature) = self.signatures.get(index) else { return unknown };
        if matches!(signature.byte_range.layout, RangeLayout::Displaced | RangeLayout::Malformed(_)) {
            return unknown;
        }
        let Some(end) = signature.signed_end else { return unknown };
        let mut changes = Vec::new();
        let Some(signed) = self.signed_views.get(index).copied().flatten() else {
            let detail = "the signed range does not end behind a revision that holds the signature".to_owned();
            let level = ModificationLevel::Suspicious;
            changes.push(self.change(self.newest(), level, "range-ends-inside-revision", detail));
            return ModificationFacts { level, changes };
        };
        if signature.removed {
            let detail = format!("field {} is not in the newest revision", signature.name);
            changes.push(self.change(self.newest(), ModificationLevel::Forbidden, "signature-removed", detail));
        }
        if end < self.document.data.len() {
            self.changes_behind(signature, signed, end, &mut changes);
        }
        if changes.iter().all(|change| change.level < ModificationLevel::Forbidden)
            && let Some(detail) = visible::difference(&self.document, signed.view, self.document.newest())
        {
            changes.push(self.change(self.newest(), ModificationLevel::Forbidden, "visible-content", detail));
        }
        if let Some(id) = signature.value
            && !signature.removed
            && visible::signature_differs(&self.document, signed.view, self.document.newest(), id)
        {
            let detail = "the signature dictionary or what it refers to differs".to_owned();
            changes.push(self.change(self.newest(), ModificationLevel::Forbidden, "signature-changed", detail));
        }
        let highest = changes.iter().map(|change| change.level).max();
        let level = match highest {
            Some(level) => level,
            None if signed.view == self.document.newest() => ModificationLevel::None,
            None => ModificationLevel::LongTermValidation,
        };
        ModificationFacts { level, changes }
    }

    fn newest(&self) -> u32 {
        u32::try_from(self.document.newest().0).unwrap_or(u32::MAX)
    }

    fn change(&self, revision: u32, level: ModificationLevel, rule: &str, detail: String) -> Change {
        Change { revision, level, object: None, rule: rule.to_owned(), detail }
    }

    fn changes_behind(&self, signature: &SignatureField, signed: SignedView, end: usize, changes: &mut Vec<Change>) {
        let suspicious = ModificationLevel::Suspicious;
        for part in self.comparisons.unaccounted(&self.document, end) {
            let (level, rule) = if part.object {
                (ModificationLevel::Forbidden, "unlisted-object")
            } else {
                (suspicious, "unaccounted-bytes")
            };
            let detail = format!("bytes {} to {} belong to no revision", part.start, part.end);
            changes.push(self.change(self.newest(), level, rule, detail));
        }
        if let Some(reason) = &self.document.unsound {
            changes.push(self.change(self.newest(), suspicious, "cross-reference-unsound", reason.clone()));
        }
        let newest = self.document.newest();
        let pairs: Vec<(View, View)> = if signed.diverges {
            let detail = "the newest cross-reference sections do not continue the signed ones".to_owned();
            changes.push(self.change(self.newest(), suspicious, "cross-reference-diverges", detail));
            vec![(signed.view, newest)]
        } else {
            (signed.view.0..newest.0).map(|index| (View(index), View(index + 1))).collect()
        };
        let permissions = Permissions { level: self.permission_of(signature), locks: &signature.field_locks };
        let mut covered: BTreeMap<usize, f64> = BTreeMap::new();
        for (old, new) in pairs {
            let found = self.comparisons.between(&self.document, old, new);
            for shown in &found.shown {
                *covered.entry(shown.page).or_default() += shown.part;
            }
            for finding in &found.findings {
                let judged = diff::judge(finding, &permissions);
                let detail = match judged.reason {
                    Some(reason) => format!("{} ({reason})", finding.detail),
                    None => finding.detail.clone(),
                };
                changes.push(Change {
                    revision: u32::try_from(new.0).unwrap_or(u32::MAX),
                    level: judged.level,
                    object: finding.object.map(|id| (id.number, id.generation)),
                    rule: finding.rule.to_owned(),
                    detail,
                });
            }
        }
        // Over all fields and revisions: a page may be covered piece by piece.
        for (page, _) in covered.into_iter().filter(|(_, part)| *part > MOST_COVERED) {
            let detail = format!("added signatures cover more than half of page {}", page + 1);
            changes.push(self.change(self.newest(), suspicious, "signature-covers-page", detail));
        }
        if self.document.is_exhausted() {
            let detail = "a limit was reached while revisions were compared".to_owned();
            changes.push(self.change(self.newest(), suspicious, "limit-reached", detail));
        }
    }

    /// The strictest /P in force for a signature: of the certification made at or before it, and of its
    /// own field's lock.
    fn permission_of(&self, signature: &SignatureField) -> Option<u8> {
        let certified = self
            .signatures
            .iter()
            .filter(|other| other.signed_end <= signature.signed_end)
            .find_map(|other| other.certification);
        certified.into_iter().chain(signature.lock_permission).min()
    }

    /// Validation data of every revision's /DSS.
    pub fn security_store(&self) -> SecurityStoreStreams {
        security_store::read(&self.document, self.document.revisions.len())
    }

    /// Structural oddities of the file as a whole. Of a signed file every byte is accounted for.
    pub fn notes(&self) -> Vec<StructureNote> {
        let mut notes = self.document.notes();
        if let Some(reason) = self.document.ambiguity(self.document.visible(self.document.newest())) {
            notes.push(StructureNote::ReadersDisagree(reason.to_owned()));
        }
        let view = self.document.newest();
        let values = self.signatures.iter().filter_map(|signature| signature.value);
        let values = values.map(|id| self.document.object(view, id));
        for object in values.chain([self.document.catalog(view).shared()]) {
            if let Some(key) = object.repeated_key() {
                let key = String::from_utf8_lossy(key);
                notes.push(StructureNote::ReadersDisagree(format!("a dictionary repeats /{key}")));
            }
        }
        // Of a repaired file the sections tell nothing.
        if !self.signatures.is_empty() && self.document.unsound.is_none() {
            notes.extend(hidden::notes(&self.document, &self.pages));
        }
        notes
    }

    /// The newest revision in few words, to be held against another reader's.
    pub fn outline(&self) -> Outline {
        let view = self.document.newest();
        let root = self.document.trailer(view).get(b"Root").and_then(Object::reference);
        let catalog = self.document.catalog(view);
        let written = |value: &Object| match value.reference() {
            Some(id) => OutlineValue::Object(id.number),
            None => OutlineValue::Direct,
        };
        let entry = |key: &[u8]| catalog.dictionary().and_then(|catalog| catalog.get(key)).map(written);
        let fields = form::fields(&self.document, view);
        let fields = fields.iter().filter(|field| field.is_signature()).map(|field| {
            let value = self.document.value(view, field.value.as_ref());
            let parts = field.ancestors.iter().chain([&field.node]).filter_map(Node::dictionary);
            let parts = parts.filter_map(|entries| {
                let part = self.document.value(view, entries.get(b"T"));
                part.string().map(|part| self.document.string_bytes(part).into_owned())
            });
            OutlineField {
                name: parts.collect::<Vec<_>>().join(&b'.'),
                value: field.value.as_ref().map(written),
                signed: value.dictionary().is_some(),
            }
        });
        Outline {
            catalog: root.map(|id| id.number),
            catalog_entries: Outline::CATALOG_KEYS.iter().map(|key| entry(key)).collect(),
            pages: self.pages.list.iter().map(|page| page.node.id.map(|id| id.number)).collect(),
            signature_fields: fields.collect(),
        }
    }

    /// The first limit that was reached: what was read is then incomplete.
    pub fn limit_reached(&self) -> Option<NotAssessed> {
        self.document.check_limit().err()
    }

    /// The limit that opening the file with the reader of pages would cross, if one: it has none itself.
    pub fn page_reading_excess(&self) -> Option<LimitHit> {
        expansion::excess(&self.document)
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
